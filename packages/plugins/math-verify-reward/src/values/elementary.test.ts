import { describe, expect, it } from 'vitest';
import {
  addBalls,
  apart,
  type Ball,
  divideBalls,
  magnitude,
  middle,
  multiplyBalls,
  ONE_BALL,
  radiusMagnitude,
  rootOfBall,
} from './ball.js';
import { arctanBall, ballOfDouble, cosSinBall, expBall, lnBall, piBall } from './elementary.js';

const ARGUMENTS = [1e-20, 0.001, 0.3, 0.9999999, 1.0000001, 1.5, 2, 7.25, 100, 345.678, -3, -0.5, -40];
const PRECISIONS = [64, 128, 512];

function known(value: Ball | undefined, bits: number): Ball {
  if (value === undefined) throw new Error('no value');
  expect(radiusMagnitude(value) - magnitude(value)).toBeLessThan(12 - bits);
  return value;
}

/** What the doubles of the platform say, which is good to about 15 digits. */
function expectNear(value: Ball | undefined, expected: number): void {
  const found = middle(known(value, 128));
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(2e-13 * Math.abs(expected));
}

describe('elementary functions of balls', () => {
  it.each(ARGUMENTS)('agree with doubles at %d', (x) => {
    const at = ballOfDouble(x);
    expectNear(expBall(at, 128), Math.exp(x));
    expectNear(cosSinBall(at, 128)?.[0], Math.cos(x));
    expectNear(cosSinBall(at, 128)?.[1], Math.sin(x));
    expectNear(arctanBall(at, 128), Math.atan(x));
    if (x > 0) expectNear(lnBall(at, 128), Math.log(x));
    if (x > 0) expectNear(rootOfBall(at, 128), Math.sqrt(x));
  });

  const identities: [string, (x: Ball, bits: number) => [Ball | undefined, Ball]][] = [
    [
      'cos^2 + sin^2 = 1',
      (x, bits) => {
        const [cos = ONE_BALL, sin = ONE_BALL] = cosSinBall(x, bits) ?? [];
        return [addBalls(multiplyBalls(cos, cos, bits), multiplyBalls(sin, sin, bits), bits), ONE_BALL];
      },
    ],
    [
      'tan arctan x = x',
      (x, bits) => {
        const [cos = ONE_BALL, sin = ONE_BALL] = cosSinBall(known(arctanBall(x, bits), bits), bits) ?? [];
        return [divideBalls(sin, cos, bits), x];
      },
    ],
    [
      'exp ln |x| = |x|',
      (x, bits) => {
        const size = x.m < 0n ? { ...x, m: -x.m } : x;
        return [expBall(known(lnBall(size, bits), bits), bits), size];
      },
    ],
    [
      'exp x exp -x = 1',
      (x, bits) => [
        multiplyBalls(known(expBall(x, bits), bits), known(expBall({ ...x, m: -x.m }, bits), bits), bits),
        ONE_BALL,
      ],
    ],
  ];

  it.each(identities)('hold the true value: %s', (_, identity) => {
    for (const bits of PRECISIONS)
      for (const x of ARGUMENTS) {
        const [left, right] = identity(ballOfDouble(x), bits);
        expect(apart(known(left, bits - 16), right)).toBe(false);
      }
  });

  it('know pi to a hundred digits', () => {
    const digits =
      '3141592653589793238462643383279502884197169399375105820974944592307816406286208998628034825342117067';
    const { m, e } = piBall(400);
    expect(String((m * 10n ** 99n) >> BigInt(-e))).toBe(digits);
  });

  it('tell numbers apart that differ in the last bit', () => {
    const near = addBalls(ONE_BALL, { m: 1n, e: -100, r: 0 }, 128);
    expect(apart(near, ONE_BALL)).toBe(true);
    expect(apart({ ...near, r: 2 }, near)).toBe(false);
  });
});
