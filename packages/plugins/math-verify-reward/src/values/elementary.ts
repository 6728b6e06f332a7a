import {
  addBalls,
  ball,
  type Ball,
  bitLength,
  divideBalls,
  holdsZero,
  magnitude,
  middle,
  multiplyBalls,
  negateBall,
  ONE_BALL,
  radiusMagnitude,
  rootOfBall,
  scale,
  shift,
  signOfBall,
  subtractBalls,
  widen,
  ZERO_BALL,
} from './ball.js';
import { fixedCosSin, fixedExp, fixedLn2, fixedPi } from './fixed-point.js';

/** Arguments above 2^this have no exponential here. */
const LARGEST_EXPONENT = 44;
/** Arguments above 2^this have no sine here. */
const LARGEST_ANGLE = 512;

export function piBall(bits: number): Ball {
  return { m: fixedPi(bits), e: -bits, r: 2 };
}

export function ln2Ball(bits: number): Ball {
  return { m: fixedLn2(bits), e: -bits, r: 2 };
}

/** A double as a ball without radius. */
export function ballOfDouble(x: number): Ball {
  if (x === 0 || !Number.isFinite(x)) return ZERO_BALL;
  const e = Math.max(-1074, Math.floor(Math.log2(Math.abs(x))) - 54);
  return { m: BigInt(Math.round(scale(x, -e))), e, r: 0 };
}

/** Radius of `x` in units of 2^-bits, doubled: an error that a factor of at most 2 has grown. */
function spread(x: Ball, bits: number): number {
  return x.r === 0 ? 0 : Math.ceil(scale(2 * x.r, x.e + bits)) + 1;
}

/** e^x, or nothing where x is too large or not known to within 1. */
export function expBall(x: Ball, bits: number): Ball | undefined {
  if (x.m === 0n && x.r === 0) return ONE_BALL;
  const size = magnitude(x);
  if (size > LARGEST_EXPONENT || radiusMagnitude(x) > -1) return undefined;
  const work = bits + 8;
  const ln2 = fixedLn2(work + Math.max(0, size) + 4);
  const fine = work + Math.max(0, size) + 4;
  const mid = shift(x.m, x.e + fine);
  const k = (mid + ln2 / 2n) / ln2 - (mid < -ln2 / 2n ? 1n : 0n);
  const t = (mid - k * ln2) >> BigInt(fine - work);
  const value = fixedExp(t, work);
  // e^t < 2: an error of the argument at most quadruples. Four units of rounding, four of the argument.
  return ball(value, Number(k) - work, 2 * spread(x, work) + 24, bits);
}

/** cos x and sin x. */
export function cosSinBall(x: Ball, bits: number): readonly [Ball, Ball] | undefined {
  if (x.m === 0n && x.r === 0) return [ONE_BALL, ZERO_BALL];
  const size = magnitude(x);
  if (size > LARGEST_ANGLE || radiusMagnitude(x) > -1) return undefined;
  if (size < -bits) {
    const tiny = widen(ONE_BALL, -2 * bits, bits);
    return [tiny, multiplyBalls(x, tiny, bits)];
  }
  let work = bits + 8;
  for (;;) {
    const fine = work + Math.max(0, size) + 4;
    const quarter = fixedPi(fine) >> 1n;
    const mid = shift(x.m, x.e + fine);
    const q = (2n * mid + quarter) / (2n * quarter) - (2n * mid < -quarter ? 1n : 0n);
    const t = (mid - q * quarter) >> BigInt(fine - work);
    // A sine that is nearly zero needs more bits after the point for the same relative precision.
    const wanted = bits + 8 + Math.min(bits, work - bitLength(t));
    if (wanted > work + 8 && radiusMagnitude(x) < -work) {
      work = wanted;
      continue;
    }
    const [cos, sin] = fixedCosSin(t, work);
    const r = spread(x, work) + 12;
    const c = ball(cos, -work, r, bits);
    const s = ball(sin, -work, r, bits);
    switch (((q % 4n) + 4n) % 4n) {
      case 0n:
        return [c, s];
      case 1n:
        return [negateBall(s), c];
      case 2n:
        return [negateBall(c), negateBall(s)];
      default:
        return [s, negateBall(c)];
    }
  }
}

/**
 * ln x for x > 0. With y near ln x and z = (x - e^y) / (x + e^y), ln x = y + 2 artanh z, and 2 artanh z = 2z within
 * |z|^3 for |z| < 1/2: each round triples the digits.
 */
export function lnBall(x: Ball, bits: number): Ball | undefined {
  if (signOfBall(x) !== 1) return undefined;
  const length = bitLength(x.m);
  let k = x.e + length;
  let y: Ball = { m: x.m, e: -length, r: x.r };
  if (middle(y) < 0.7) {
    k -= 1;
    y = { ...y, e: y.e + 1 };
  }
  let log = lnNearOne(y, bits + 8);
  if (k !== 0 && log !== undefined) {
    const whole = multiplyBalls(
      { m: BigInt(k), e: 0, r: 0 },
      ln2Ball(bits + 8 + bitLength(BigInt(k))),
      bits + 8,
    );
    log = addBalls(whole, log, bits + 8);
  }
  return log && ball(log.m, log.e, log.r, bits);
}

function lnNearOne(x: Ball, bits: number): Ball | undefined {
  const above = subtractBalls(x, ONE_BALL, bits);
  if (above.m === 0n && above.r === 0) return ZERO_BALL;
  // Near 1 the logarithm is as small as x - 1.
  const small = Math.min(bits, Math.max(0, -magnitude(above)));
  const work = bits + small;
  const start = middle(above);
  let y = ballOfDouble(Math.abs(start) < 2 ** -20 ? start - (start * start) / 2 : Math.log(middle(x)));
  for (let known = 40; ; known *= 3) {
    const goal = Math.min(work, 3 * known + 16);
    const e = expBall({ ...y, r: 0 }, goal);
    const z = e && divideBalls(subtractBalls(x, e, goal), addBalls(x, e, goal), goal);
    if (z === undefined) return undefined;
    const size = magnitude(z);
    if (size > -1) return undefined;
    y = addBalls({ ...y, r: 0 }, multiplyBalls(z, { m: 2n, e: 0, r: 0 }, goal), goal);
    if (size === -Infinity) return y;
    if (goal === work || radiusMagnitude(y) > -known) return widen(y, 3 * size, bits);
  }
}

/**
 * arctan x. With y near it and z = (x cos y - sin y) / (cos y + x sin y), arctan x = y + arctan z, and arctan z = z
 * within |z|^3: each round triples the digits.
 */
export function arctanBall(x: Ball, bits: number): Ball | undefined {
  const size = magnitude(x);
  if (size === -Infinity) return ZERO_BALL;
  if (size > 2) {
    const inner = divideBalls(ONE_BALL, x, bits + 8);
    const rest = inner && arctanBall(inner, bits + 8);
    if (rest === undefined) return undefined;
    const half = { ...piBall(bits + 8), e: -bits - 9 };
    return subtractBalls(x.m < 0n ? negateBall(half) : half, rest, bits);
  }
  if (size < -bits) return widen(x, 3 * size, bits);
  const work = bits + 8;
  let y = ballOfDouble(Math.atan(middle(x)));
  for (let known = 40; ; known *= 3) {
    const goal = Math.min(work, 3 * known + 16);
    const turned = cosSinBall(y, goal + known);
    if (turned === undefined) return undefined;
    const [cos, sin] = turned;
    const z = divideBalls(
      subtractBalls(multiplyBalls(x, cos, goal + known), sin, goal + known),
      addBalls(cos, multiplyBalls(x, sin, goal), goal),
      goal,
    );
    if (z === undefined) return undefined;
    y = addBalls(y, { ...z, r: z.r }, goal);
    const error = 3 * magnitude(z);
    if (goal === work || magnitude(z) === -Infinity || radiusMagnitude(y) > size - known)
      return error === -Infinity ? y : widen(y, error, bits);
    y = { ...y, r: 0 };
  }
}

/** Angle of the point (x, y), from -pi (not included) to pi; nothing at the origin and where the cut is not decided. */
export function angleOf(y: Ball, x: Ball, bits: number): Ball | undefined {
  const [down, across] = [signOfBall(y), signOfBall(x)];
  if (down === 0) return across === 1 ? ZERO_BALL : across === -1 ? piBall(bits) : undefined;
  if (across === 1) {
    const slope = divideBalls(y, x, bits + 8);
    return slope && arctanBall(slope, bits);
  }
  if (down === undefined) return undefined;
  const slope = divideBalls(x, y, bits + 8);
  const rest = slope && arctanBall(slope, bits + 8);
  const half = { ...piBall(bits + 8), e: -bits - 9 };
  return rest && subtractBalls(down === 1 ? half : negateBall(half), rest, bits);
}

/** Square root of a real ball of which only the part from zero up counts. */
export function rootFromZero(a: Ball, bits: number): Ball | undefined {
  const root = rootOfBall(a, bits);
  if (root !== undefined || !holdsZero(a)) return root;
  const half = Math.ceil(magnitude(a) / 2);
  return { m: 1n, e: half - 1, r: 1 };
}
