import type { CheckpointState, DatasetCursor, Optimizer, Policy } from '../contracts/index.js';
import { DoppioError } from '../errors/doppio-error.js';
import type { EvaluationResult } from './evaluate.js';

/** Totals that a run keeps beside tensors; JSON. */
export interface RunProgress {
  /** Evaluations of the base by benchmark id, so that a resumed run does not repeat them. */
  readonly base: Readonly<Record<string, EvaluationResult>>;
  readonly completionTokens: number;
  /** Seconds by phase, over all attempts. */
  readonly seconds: Readonly<Record<string, number>>;
}

export const noProgress: RunProgress = { base: {}, completionTokens: 0, seconds: {} };

/** What a checkpoint holds after `step` steps. */
export function captureState(
  step: number,
  cursor: DatasetCursor,
  policy: Policy,
  optimizer: Optimizer,
  progress: RunProgress,
): CheckpointState {
  const tensors = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  for (const { name, shape, data } of policy.adapter.parameters)
    tensors.set(`parameter/${name}`, { shape, data });
  for (const [name, data] of optimizer.state())
    tensors.set(`optimizer/${name}`, { shape: [data.length], data });
  return { step, cursor, tensors, progress: { ...progress } };
}

/** Puts a checkpoint's tensors back in place. @throws DoppioError CHECKPOINT_MISMATCH when it is of another adapter */
export function restoreState({ tensors }: CheckpointState, policy: Policy, optimizer: Optimizer): void {
  for (const { name, shape, data } of policy.adapter.parameters) {
    const saved = tensors.get(`parameter/${name}`);
    if (saved?.data.length !== data.length || saved.shape.join() !== shape.join()) {
      throw new DoppioError('CHECKPOINT_MISMATCH', {
        what: 'the checkpoint is of another adapter than the configured one',
        where: name,
        seen:
          saved === undefined
            ? 'not in the checkpoint'
            : `shape [${saved.shape.join(', ')}] instead of [${shape.join(', ')}]`,
        fix: 'resume with the configuration that the run was started with',
      });
    }
    data.set(saved.data);
  }
  const prefix = 'optimizer/';
  optimizer.restore(
    new Map(
      [...tensors]
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, { data }]) => [name.slice(prefix.length), data]),
    ),
  );
}
