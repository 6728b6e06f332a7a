import type { CheckpointState, DatasetCursor } from '../contracts/index.js';
import { compareRuns, type Comparison } from './compare.js';
import { distinctNames } from './distinct-names.js';
import { evaluate, type EvaluationResult } from './evaluate.js';
import { stepMetrics } from './metrics.js';
import type { Emit, TrainingOptions, TrainingParts } from './parts.js';
import { rewardGroups, rollOut } from './rollout.js';
import { scoreRewards } from './score-rewards.js';
import { captureState, noProgress, restoreState, type RunProgress } from './state.js';
import { updatePolicy } from './update.js';

/** What may end a run before its last step. */
export interface StopSignals {
  /** Stop after the running step, save and return. */
  readonly graceful: AbortSignal;
  /** Stop now; the last checkpoint is what remains. */
  readonly immediate: AbortSignal;
}

export interface TrainingResult {
  readonly status: 'completed' | 'stopped';
  /** Steps finished, those of earlier attempts included. */
  readonly steps: number;
  readonly base: Readonly<Record<string, EvaluationResult>>;
  readonly final: Readonly<Record<string, EvaluationResult>>;
  /** By benchmark id. */
  readonly comparisons: Readonly<Record<string, Comparison>>;
  readonly completionTokens: number;
  readonly seconds: Readonly<Record<string, number>>;
}

/**
 * Trains an adapter by reinforcement learning with verifiable rewards. Starts from the newest intact checkpoint if
 * there is one. Every random number is keyed by what it is for, so a run that was stopped or killed and resumed ends
 * with the same adapter as one that never was.
 */
export async function train<Row extends object>(
  parts: TrainingParts<Row>,
  options: TrainingOptions,
  emit: Emit,
  stop: StopSignals,
): Promise<TrainingResult> {
  const { policy, sampler, optimizer, checkpoints } = parts;
  const clock = new PhaseClock();
  let step = 0;
  let cursor: DatasetCursor = { epoch: 0, row: 0 };
  let progress: RunProgress = noProgress;

  // Where to start from.
  const { state, skipped } = await checkpoints.latest(stop.immediate);
  for (const { path, reason } of skipped)
    emit({ type: 'warning', code: 'CHECKPOINT_SKIPPED', message: `${path}: ${reason}` });
  if (state !== undefined) {
    restoreState(state, policy, optimizer);
    ({ step, cursor } = state);
    progress = progressOf(state);
    clock.load(progress.seconds);
  }
  const save = async (): Promise<void> => {
    progress = { ...progress, seconds: clock.seconds() };
    const path = await checkpoints.save(
      captureState(step, cursor, policy, optimizer, progress),
      stop.immediate,
    );
    emit({ type: 'checkpoint', step, path });
  };

  // How good the base is.
  const unmeasured = distinctNames(parts.benchmarks).some((name) => progress.base[name] === undefined);
  if (options.evaluation.before && step === 0 && unmeasured) {
    emit({ type: 'phase', phase: 'evaluating the base' });
    await sampler.setAdapter(undefined, stop.immediate);
    const base = await clock.time('base evaluation', () =>
      evaluateAll(parts, options, 'base', progress.base, emit, stop.immediate),
    );
    progress = { ...progress, base };
    await save();
  }

  // Steps.
  if (step < options.steps) emit({ type: 'phase', phase: 'training' });
  let saved = step;
  const firstStep = step;
  // The first step also makes sessions: those after it tell how long the rest takes.
  let pace = { step, at: performance.now() };
  while (step < options.steps && !stop.graceful.aborted) {
    const stepStarted = performance.now();
    const rollouts = await clock.time('sampling', () =>
      rollOut(parts, options, step, cursor, emit, stop.immediate),
    );
    const sampledAt = performance.now();
    const counts = new Map<string, number>();
    const values = await clock.time('rewards', () =>
      scoreRewards(rewardGroups(rollouts, parts, step), parts.rewards, emit, stop.immediate, counts),
    );
    const scoredAt = performance.now();
    const advantages = optimizer.advantages({
      functions: parts.rewards.map(({ reward, weight }) => ({ id: reward.id, weight })),
      values,
      groupSizes: rollouts.completions.map((group) => group.length),
    });
    const result = await clock.time('training', () =>
      updatePolicy(parts, options, rollouts, advantages, step, stop.immediate),
    );
    const now = performance.now();
    const seconds = {
      sample: (sampledAt - stepStarted) / 1000,
      reward: (scoredAt - sampledAt) / 1000,
      train: (now - scoredAt) / 1000,
      total: (now - stepStarted) / 1000,
    };
    const secondsLeft = ((now - pace.at) / 1000 / (step + 1 - pace.step)) * (options.steps - step - 1);
    if (step === firstStep) pace = { step: step + 1, at: now };
    const metrics = stepMetrics(
      step,
      options,
      parts.rewards,
      values,
      counts,
      advantages,
      rollouts,
      result,
      seconds,
      secondsLeft,
    );
    cursor = rollouts.next;
    step += 1;
    progress = { ...progress, completionTokens: progress.completionTokens + metrics.completionTokens };
    emit({ type: 'step', metrics });
    if (
      options.groupSize === 1 &&
      step === firstStep + 1 &&
      advantages.advantages.every((each) => each === 0)
    )
      emit({
        type: 'warning',
        code: 'GROUP_OF_ONE',
        message: `optimizer ${optimizer.id} compares the completions of a group, and training.groupSize is 1: nothing is learned`,
      });
    if (step % options.checkpointEvery === 0) {
      await save();
      saved = step;
    }
  }
  if (saved !== step) await save();
  if (step < options.steps) emit({ type: 'stopping', reason: `asked to stop after step ${String(step)}` });

  // How good it is now. Once begun it is finished: asked to stop in the middle, the run is complete all the same.
  let final: Readonly<Record<string, EvaluationResult>> = {};
  const evaluates = options.evaluation.after && step === options.steps && !stop.graceful.aborted;
  if (evaluates) {
    if (parts.benchmarks.length > 0) emit({ type: 'phase', phase: 'evaluating the trained adapter' });
    await sampler.setAdapter(policy.adapter, stop.immediate);
    final = await clock.time('final evaluation', () =>
      evaluateAll(parts, options, 'final', {}, emit, stop.immediate),
    );
  }
  const compared = Object.keys(final).filter((id) => progress.base[id] !== undefined);
  return {
    status: step === options.steps && (evaluates || !options.evaluation.after) ? 'completed' : 'stopped',
    steps: step,
    base: progress.base,
    final,
    comparisons: Object.fromEntries(
      compared.map((id) => [
        id,
        compareRuns(progress.base[id] as EvaluationResult, final[id] as EvaluationResult),
      ]),
    ),
    completionTokens: progress.completionTokens,
    seconds: clock.seconds(),
  };
}

async function evaluateAll<Row extends object>(
  { benchmarks, sampler }: TrainingParts<Row>,
  options: TrainingOptions,
  name: 'base' | 'final',
  done: Readonly<Record<string, EvaluationResult>>,
  emit: Emit,
  signal: AbortSignal,
): Promise<Record<string, EvaluationResult>> {
  const results: Record<string, EvaluationResult> = { ...done };
  const names = distinctNames(benchmarks);
  for (const [i, benchmark] of benchmarks.entries()) {
    const id = names[i] as string;
    if (results[id] !== undefined) continue;
    const onProgress = ({ finished, total }: { readonly finished: number; readonly total: number }): void => {
      emit({ type: 'evaluation-progress', name: id, finished, total });
    };
    const onGradeFailed = (message: string): void => {
      emit({ type: 'warning', code: 'GRADE_FAILED', message });
    };
    const result = await evaluate(benchmark, sampler, {
      name: id,
      seed: options.seed,
      signal,
      onProgress,
      onGradeFailed,
    });
    emit({ type: 'evaluation', name, summary: result.summary });
    results[id] = result;
  }
  return results;
}

function progressOf({ progress }: CheckpointState): RunProgress {
  return { ...noProgress, ...(progress as Partial<RunProgress>) };
}

/** Adds up the seconds of each phase, those of earlier attempts included. */
class PhaseClock {
  private readonly total = new Map<string, number>();

  load(seconds: Readonly<Record<string, number>>): void {
    for (const [phase, value] of Object.entries(seconds)) this.total.set(phase, value);
  }

  async time<T>(phase: string, work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    try {
      return await work();
    } finally {
      this.total.set(phase, (this.total.get(phase) ?? 0) + (performance.now() - started) / 1000);
    }
  }

  seconds(): Record<string, number> {
    return Object.fromEntries(this.total);
  }
}
