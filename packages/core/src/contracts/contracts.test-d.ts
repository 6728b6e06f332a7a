import { expectTypeOf } from 'vitest';
import type { LocalCheckpointStore } from '../checkpoint/local-checkpoint-store.js';
import type {
  Adapter,
  AdapterFactory,
  AnswerVerifier,
  Benchmark,
  CheckpointStore,
  Dataset,
  Policy,
  PolicyPassOptions,
  Reward,
  SampleRequest,
  Sampler,
  Tracker,
} from './index.js';

/** The last argument of a function, required or not. */
type Last<F extends (...args: never[]) => unknown> =
  Required<Parameters<F>> extends [...unknown[], infer L] ? L : never;

// Whatever takes time can be stopped.
expectTypeOf<Last<Dataset['read']>>().toEqualTypeOf<AbortSignal>();
expectTypeOf<Last<Reward['score']>>().toEqualTypeOf<AbortSignal>();
expectTypeOf<Last<AnswerVerifier['verify']>>().toEqualTypeOf<AbortSignal>();
expectTypeOf<Last<Benchmark['problems']>>().toEqualTypeOf<AbortSignal>();
expectTypeOf<Last<Benchmark['grade']>>().toEqualTypeOf<AbortSignal>();
expectTypeOf<Last<Policy['score']>>().toEqualTypeOf<PolicyPassOptions>();
expectTypeOf<Last<Policy['accumulate']>>().toEqualTypeOf<PolicyPassOptions>();
expectTypeOf<PolicyPassOptions['signal']>().toEqualTypeOf<AbortSignal | undefined>();
expectTypeOf<SampleRequest['signal']>().toEqualTypeOf<AbortSignal | undefined>();
expectTypeOf<Last<Sampler['setAdapter']>>().toEqualTypeOf<AbortSignal>();
expectTypeOf<Last<Adapter['save']>>().toEqualTypeOf<AbortSignal>();
expectTypeOf<Last<AdapterFactory['load']>>().toEqualTypeOf<AbortSignal>();
expectTypeOf<Last<CheckpointStore['save']>>().toEqualTypeOf<AbortSignal>();
expectTypeOf<Last<CheckpointStore['latest']>>().toEqualTypeOf<AbortSignal>();
expectTypeOf<Last<NonNullable<Tracker['close']>>>().toEqualTypeOf<AbortSignal>();
expectTypeOf<Last<LocalCheckpointStore['save']>>().toEqualTypeOf<AbortSignal>();

// Whatever holds a session or a worker can be released.
expectTypeOf<Policy>().toExtend<AsyncDisposable>();
expectTypeOf<Sampler>().toExtend<AsyncDisposable>();

// A reward for some columns serves every dataset that has them, and never the other way round.
expectTypeOf<Reward<{ a: string }>>().toExtend<Reward<{ a: string; b: number }>>();
expectTypeOf<Reward<{ a: string; b: number }>>().not.toExtend<Reward<{ a: string }>>();
