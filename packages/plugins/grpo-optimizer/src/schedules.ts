/** Shapes of a warm-up or decay in `warmup_stable_decay`. */
export type ScheduleShape = 'linear' | 'cosine' | '1-sqrt';

interface Warmup {
  /** Updates that warm up. Default 0. */
  readonly warmupSteps?: number | undefined;
  /** In place of `warmupSteps`: fraction of all updates, rounded up. */
  readonly warmupRatio?: number | undefined;
}

/** Learning-rate schedules by the names that Transformers gives them. */
export type Schedule =
  | ({ readonly name: 'constant' | 'constant_with_warmup' | 'linear' | 'cosine' } & Warmup)
  | ({
      readonly name: 'cosine_with_restarts';
      /** Default 1. */ readonly cycles?: number | undefined;
    } & Warmup)
  | ({
      readonly name: 'cosine_with_min_lr';
      /** Multiplier at the end. Default 0. */ readonly minRate?: number | undefined;
    } & Warmup)
  | ({
      readonly name: 'polynomial';
      /** Default 1. */
      readonly power?: number | undefined;
      /** Learning rate (no multiplier) at the end. Default 1e-7. */
      readonly endLearningRate?: number | undefined;
    } & Warmup)
  | ({
      readonly name: 'inverse_sqrt';
      /** Default: the warm-up's length, or 10,000 without one. */ readonly timescale?: number | undefined;
    } & Warmup)
  | ({
      readonly name: 'warmup_stable_decay';
      /** Updates that decay, at the end. */
      readonly decaySteps: number;
      /** Default linear. */
      readonly decayType?: ScheduleShape | undefined;
      /** Default linear. */
      readonly warmupType?: ScheduleShape | undefined;
      /** Multiplier at the start and the end. Default 0. */
      readonly minRate?: number | undefined;
    } & Warmup);

/**
 * The multiplier of the learning rate for an update; formulas of transformers.optimization 5.23.
 *
 * @param step the update, from 0
 * @param totalSteps all updates of the run
 * @param learningRate the peak, which only `polynomial` looks at
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
  if (step < warmup) return step / warmup;
  const progress = (step - warmup) / Math.max(1, totalSteps - warmup);
  switch (schedule.name) {
    case 'constant_with_warmup':
      return 1;
    case 'linear':
      return Math.max(0, 1 - progress);
    case 'cosine':
      return Math.max(0, halfCosine(progress));
    case 'cosine_with_restarts':
      return progress >= 1 ? 0 : halfCosine((progress * (schedule.cycles ?? 1)) % 1);
    case 'cosine_with_min_lr':
      return Math.max(0, raised(halfCosine(progress), schedule.minRate ?? 0));
    case 'polynomial':
      return raised(
        Math.max(0, 1 - progress) ** (schedule.power ?? 1),
        (schedule.endLearningRate ?? 1e-7) / learningRate,
      );
    case 'inverse_sqrt': {
      const timescale = schedule.timescale ?? (warmup === 0 ? 10_000 : warmup);
      return 1 / Math.sqrt((step + timescale - warmup) / timescale);
    }
  }
}

/** How many updates warm up. */
export function warmupSteps({ warmupSteps: steps, warmupRatio }: Warmup, totalSteps: number): number {
  return steps ?? Math.ceil(totalSteps * (warmupRatio ?? 0));
}

function warmupStableDecay(
  {
    decaySteps,
    decayType = 'linear',
    warmupType = 'linear',
    minRate = 0,
  }: Extract<Schedule, { name: 'warmup_stable_decay' }>,
  step: number,
  totalSteps: number,
  warmup: number,
): number {
  const decayFrom = totalSteps - decaySteps;
  if (step < warmup) return raised(falling(1 - step / warmup, warmupType), minRate);
  if (step < decayFrom) return 1;
  if (step >= totalSteps) return minRate;
  return raised(falling((step - decayFrom) / decaySteps, decayType), minRate);
}

/** From 1 at progress 0 to 0 at progress 1. */
function falling(progress: number, shape: ScheduleShape): number {
  if (shape === 'linear') return 1 - progress;
  return shape === 'cosine' ? halfCosine(progress) : 1 - Math.sqrt(progress);
}

function halfCosine(progress: number): number {
  return 0.5 * (1 + Math.cos(Math.PI * progress));
}

/** Maps 0 .. 1 to minimum .. 1. */
function raised(value: number, minimum: number): number {
  return value * (1 - minimum) + minimum;
}
