import { describe, expect, it } from 'vitest';
import { adamw } from './adamw.js';
import { clipFactor, globalNorm } from './clip.js';

const options = { learningRate: 0.1, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0 } as const;

describe('adamw', () => {
  it('moves by the learning rate against the sign of the first gradient', () => {
    const parameter = Float32Array.of(1, 1, 1);
    adamw(
      parameter,
      Float32Array.of(5, -0.01, 0),
      { first: new Float32Array(3), second: new Float32Array(3) },
      1,
      options,
    );
    [0.9, 1.1, 1].forEach((value, i) => expect(parameter[i]).toBeCloseTo(value, 6));
  });

  it('decays parameters apart from the gradient', () => {
    const parameter = Float64Array.of(2);
    adamw(parameter, Float64Array.of(0), { first: new Float64Array(1), second: new Float64Array(1) }, 1, {
      ...options,
      weightDecay: 0.5,
    });
    expect(parameter[0]).toBeCloseTo(1.9, 12);
  });

  it('does not touch the gradient when it scales it', () => {
    const gradient = Float32Array.of(8);
    const moments = { first: new Float32Array(1), second: new Float32Array(1) };
    adamw(Float32Array.of(0), gradient, moments, 1, options, 0.25);
    expect(gradient[0]).toBe(8);
    expect(moments.first[0]).toBeCloseTo(0.2, 6);
  });
});

describe('clipping', () => {
  it('takes the norm of all gradients together', () => {
    expect(globalNorm([Float32Array.of(2, 3), Float32Array.of(6)])).toBe(7);
  });
  it('scales only what is too long', () => {
    expect(clipFactor(0.5, 1)).toBe(1);
    expect(clipFactor(4, 1)).toBeCloseTo(0.25, 6);
    expect(clipFactor(0, 1)).toBe(1);
  });
});
