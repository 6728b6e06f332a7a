import { adamw } from '../adamw.js';
import { clipFactor, globalNorm } from '../clip.js';
import { relativeError, type ParityResult } from './compare.js';

/** Golden updates of several parameters under one global norm. */
export interface AdamwCase {
  readonly lr: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  readonly weight_decay: number;
  readonly max_grad_norm: number | null;
  readonly params: readonly (readonly number[])[];
  readonly steps: readonly {
    readonly grads: readonly (readonly number[])[];
    readonly grad_norm: number;
    readonly params: readonly (readonly number[])[];
  }[];
}

/** Compares {@link adamw} and clipping after every update, with parameters and moments in 64 or, as in training, 32 bits. */
export function adamwCase(golden: AdamwCase, precision: 'float64' | 'float32' = 'float64'): ParityResult {
  const Values = precision === 'float64' ? Float64Array : Float32Array;
  const parameters = golden.params.map((values) => Values.from(values));
  const moments = parameters.map(({ length }) => ({ first: new Values(length), second: new Values(length) }));
  const options = {
    learningRate: golden.lr,
    betas: [golden.beta1, golden.beta2],
    eps: golden.eps,
    weightDecay: golden.weight_decay,
  } as const;
  let worstError = 0;
  golden.steps.forEach(({ grads, grad_norm, params }, step) => {
    const gradients = grads.map((values) => Values.from(values));
    const norm = globalNorm(gradients);
    const scale = golden.max_grad_norm === null ? 1 : clipFactor(norm, golden.max_grad_norm);
    parameters.forEach((parameter, p) => {
      adamw<Float32Array | Float64Array>(
        parameter,
        gradients[p] as Float64Array,
        moments[p] as { first: Float64Array; second: Float64Array },
        step + 1,
        options,
        scale,
      );
      worstError = Math.max(worstError, relativeError(parameter, params[p] ?? []));
    });
    worstError = Math.max(worstError, relativeError([norm], [grad_norm]));
  });
  return { worstError, limit: precision === 'float64' ? 1e-9 : 1e-5 };
}
