import {
  addBalls,
  type Ball,
  divideBalls,
  multiplyBalls,
  ONE_BALL,
  rootOfBall,
  signOfBall,
  subtractBalls,
} from './ball.js';
import {
  addComplex,
  COMPLEX_ONE,
  type ComplexBall,
  divideComplex,
  IMAGINARY_UNIT,
  isReal,
  lnComplex,
  multiplyComplex,
  negateComplex,
  realBall,
  rootOfComplex,
  subtractComplex,
} from './complex-ball.js';
import { arctanBall, piBall } from './elementary.js';

function halfPi(bits: number): Ball {
  return { ...piBall(bits), e: -bits - 1 };
}

/** arcsin x = arctan(x / sqrt(1 - x^2)), at the ends +-pi/2; outside and complex, -i ln(i z + sqrt(1 - z^2)). */
export function arcsinComplex(z: ComplexBall, bits: number): ComplexBall | undefined {
  if (isReal(z)) {
    const rest = subtractBalls(ONE_BALL, multiplyBalls(z.re, z.re, 2 * bits + 8), bits + 8);
    if (rest.m === 0n && rest.r === 0)
      return realBall(z.re.m > 0n ? halfPi(bits) : negateComplex(realBall(halfPi(bits))).re);
    if (signOfBall(rest) === 1) {
      const root = rootOfBall(rest, bits + 8);
      const slope = root && divideBalls(z.re, root, bits + 8);
      const angle = slope && arctanBall(slope, bits);
      return angle && realBall(angle);
    }
  }
  const square = multiplyComplex(z, z, bits + 16);
  const root = rootOfComplex(subtractComplex(COMPLEX_ONE, square, bits + 16), bits + 16);
  const ln =
    root && lnComplex(addComplex(multiplyComplex(IMAGINARY_UNIT, z, bits + 16), root, bits + 16), bits);
  return ln && negateComplex(multiplyComplex(IMAGINARY_UNIT, ln, bits));
}

export function arccosComplex(z: ComplexBall, bits: number): ComplexBall | undefined {
  const sine = arcsinComplex(z, bits + 8);
  return sine && subtractComplex(realBall(halfPi(bits + 8)), sine, bits);
}

/** Real: as it is; complex: (i/2) (ln(1 - i z) - ln(1 + i z)). */
export function arctanComplex(z: ComplexBall, bits: number): ComplexBall | undefined {
  if (isReal(z)) {
    const angle = arctanBall(z.re, bits);
    return angle && realBall(angle);
  }
  const turned = multiplyComplex(IMAGINARY_UNIT, z, bits + 16);
  const minus = lnComplex(subtractComplex(COMPLEX_ONE, turned, bits + 16), bits + 16);
  const plus = lnComplex(addComplex(COMPLEX_ONE, turned, bits + 16), bits + 16);
  if (minus === undefined || plus === undefined) return undefined;
  const twice = multiplyComplex(IMAGINARY_UNIT, subtractComplex(minus, plus, bits + 8), bits);
  return divideComplex(twice, realBall(addBalls(ONE_BALL, ONE_BALL, bits)), bits);
}
