import { finalLearningRate, type Schedule, type ScheduleShape } from './schedule-options.js';

/**
 * The multiplier of the learning rate for an update; formulas of transformers.optimization 5.23.
 *
 * @param step the update, from 0
 * @param totalSteps all updates of the run
 * @param learningRate the peak, for schedules that end at a learning rate
 */
export function scheduleMultiplier(
  schedule: Schedule,
  step: number,
  totalSteps: number,
  learningRate: number,
): number {
  const warmup = warmupSteps(schedule, totalSteps);
  if (schedule.name === 'constant') return 1;
  if (schedule.name === 'warmup_stable_decay') return warmupStableDecay(schedule, step, totalSteps, warmup);
  if (step < warmup) return warmingUp(schedule, step, warmup);
  const rest = Math.max(1, totalSteps - warmup);
  const progress = (step - warmup) / rest;
  switch (schedule.name) {
    case 'constant_with_warmup':
      return 1;
    case 'linear':
      return Math.max(0, (totalSteps - step) / rest);
    case 'cosine':
      return Math.max(0, cosine(progress, schedule.cycles));
    case 'cosine_with_restarts':
      return progress >= 1 ? 0 : cosine((progress * (schedule.cycles ?? 1)) % 1);
    case 'cosine_with_min_lr':
      return floored(schedule, progress, learningRate);
    case 'cosine_warmup_with_min_lr':
      // This one counts updates from 1, so that it reaches its floor with the last of them.
      return floored(schedule, progress + 1 / rest, learningRate);
    case 'polynomial':
      return raised(
        Math.max(0, 1 - progress) ** (schedule.power ?? 1),
        finalLearningRate(schedule) / learningRate,
      );
    case 'inverse_sqrt': {
      const timescale = schedule.timescale ?? (warmup === 0 ? 10_000 : warmup);
      return 1 / Math.sqrt((step + timescale - warmup) / timescale);
    }
  }
}

/** How many updates warm up. */
export function warmupSteps(
  { warmupSteps: steps, warmupRatio }: Pick<Schedule, 'warmupSteps' | 'warmupRatio'>,
  totalSteps: number,
): number {
  return steps ?? Math.ceil(totalSteps * (warmupRatio ?? 0));
}

function warmingUp(schedule: Schedule, step: number, warmup: number): number {
  if (schedule.name !== 'cosine_warmup_with_min_lr') return step / warmup;
  const { warmupRate } = schedule;
  return warmupRate === undefined ? (step + 1) / warmup : raised(step / Math.max(1, warmup - 1), warmupRate);
}

function floored(
  schedule: Extract<Schedule, { name: `cosine_${string}min_lr` }>,
  progress: number,
  learningRate: number,
): number {
  const minimum = schedule.minRate ?? finalLearningRate(schedule) / learningRate;
  return Math.max(0, raised(cosine(progress, schedule.cycles), minimum));
}

function warmupStableDecay(
  {
    decaySteps,
    stableSteps,
    decayType = 'cosine',
    warmupType = 'linear',
    minRate = 0,
    cycles,
  }: Extract<Schedule, { name: 'warmup_stable_decay' }>,
  step: number,
  totalSteps: number,
  warmup: number,
): number {
  const decayFrom = stableSteps === undefined ? totalSteps - decaySteps : warmup + stableSteps;
  if (step < warmup) return raised(falling(1 - step / warmup, warmupType), minRate);
  if (step < decayFrom) return 1;
  if (step >= decayFrom + decaySteps) return minRate;
  return raised(falling((step - decayFrom) / decaySteps, decayType, cycles), minRate);
}

/** From 1 at progress 0 to 0 at progress 1. */
function falling(progress: number, shape: ScheduleShape, cycles?: number): number {
  if (shape === 'linear') return 1 - progress;
  return shape === 'cosine' ? cosine(progress, cycles) : 1 - Math.sqrt(progress);
}

/** From 1 along `cycles` waves; half a wave ends at 0. */
function cosine(progress: number, cycles = 0.5): number {
  return 0.5 * (1 + Math.cos(Math.PI * cycles * 2 * progress));
}

/** Maps 0 .. 1 to minimum .. 1. */
function raised(value: number, minimum: number): number {
  return value * (1 - minimum) + minimum;
}
