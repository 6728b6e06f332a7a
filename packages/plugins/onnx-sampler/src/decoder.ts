import { fillUniforms, type SampleRequest, type SampleResult } from '@doppio/core';
import type { HostTensor, Session } from '@doppio/runtime';
import {
  cacheFeeds,
  cacheOf,
  emptyFeeds,
  joinCaches,
  presentNames,
  selectCache,
  type Cache,
} from './cache.js';
import { cachedLength, lastToken, takeTokens, type DecodedChunk, type Row, type StopRule } from './row.js';
import type { LoadedAdapter, SamplerSessions } from './sessions.js';

/** What stays the same while a replica decodes its part of a request. */
export interface DecodeRun {
  readonly sessions: SamplerSessions;
  readonly adapter: LoadedAdapter;
  readonly decode: Session;
  readonly prefill: Session;
  readonly select: Session;
  readonly join: Session;
  readonly request: SampleRequest;
  readonly rule: StopRule;
  /** Sampling scalars of the decoding graph. */
  readonly scalars: Readonly<Record<string, HostTensor>>;
  /** Tokens decoded in one run of the graph, before finished rows leave and waiting ones join. */
  readonly chunkTokens: number;
  /** Rows decoded at once. */
  readonly maxRows: number;
  /** Called after each chunk. */
  readonly onChunk: (counters: Counters, finishedRows: number) => void;
  readonly signal: AbortSignal;
}

/** {@link SampleResult} metrics in the making. */
export type Counters = { -readonly [K in keyof SampleResult['metrics']]: number };

export const noCounts = (): Counters => ({
  prefillTokens: 0,
  sharedPromptTokens: 0,
  completionTokens: 0,
  idleTokens: 0,
  prefillSeconds: 0,
  decodeSeconds: 0,
});

/**
 * Decodes portions of rows, each the samples of one prompt, at most `maxRows` long: rows that finish leave between
 * chunks, waiting ones join. Each row ends finished.
 */
export async function decodeRows(run: DecodeRun, portions: readonly Row[][]): Promise<Counters> {
  const counters = noCounts();
  const waiting = [...portions];
  let finished = 0;
  let active: Row[] = [];
  let cache: Cache | undefined;
  try {
    while (active.length > 0 || waiting.length > 0) {
      run.signal.throwIfAborted();
      const joining: Row[][] = [];
      let room = run.maxRows - active.length;
      while (waiting[0] !== undefined && waiting[0].length <= room) {
        room -= waiting[0].length;
        joining.push(waiting.shift() as Row[]);
      }
      cache = await rearrange(run, cache, active, joining, counters);
      active = [...active, ...joining.flat()];
      cache = await decodeChunk(run, active, cache, counters);
      const stillActive = active.filter((row) => row.finish === undefined);
      finished += active.length - stillActive.length;
      run.onChunk(counters, finished);
      if (stillActive.length === 0) {
        cache[Symbol.dispose]();
        cache = undefined;
        active = [];
      } else if (stillActive.length < active.length) {
        cache = selectCache(
          run.select,
          run.sessions.config,
          cache,
          stillActive.map((row) => active.indexOf(row)),
          longest(stillActive),
        );
        active = stillActive;
      }
    }
  } finally {
    cache?.[Symbol.dispose]();
  }
  return counters;
}

/** Cache positions that rows have filled: all of their tokens but the last, which is computed next. */
function longest(rows: readonly Row[]): number {
  return Math.max(...rows.map((row) => cachedLength(row) - 1));
}

/** Prefills the joining prompts, once each, and puts their rows behind the staying ones. */
async function rearrange(
  run: DecodeRun,
  cache: Cache | undefined,
  staying: readonly Row[],
  joining: readonly Row[][],
  counters: Counters,
): Promise<Cache> {
  const { config } = run.sessions;
  if (joining.length === 0) return cache as Cache;
  const started = performance.now();
  const prompts = joining.map((rows) => (rows[0] as Row).promptIds);
  const prefilled = prefill(run, prompts, counters);
  joining.forEach(
    (rows) =>
      (counters.sharedPromptTokens += (rows.length - 1) * Math.max((rows[0] as Row).promptIds.length - 1, 0)),
  );
  const rows = joining.flatMap((portion, i) => portion.map(() => i));
  const length = Math.max(longest(joining.flat()), staying.length === 0 ? 0 : longest(staying));
  const made =
    cache === undefined || staying.length === 0
      ? selectCache(run.select, config, prefilled, rows, length)
      : joinCaches(
          run.join,
          config,
          cache,
          staying.map((_, place) => place),
          prefilled,
          rows,
          length,
        );
  await run.sessions.host.statistics();
  counters.prefillSeconds += (performance.now() - started) / 1000;
  return made;
}

/** Caches of prompts without their last token, which is the first that decoding computes. */
function prefill(run: DecodeRun, prompts: readonly Int32Array[], counters: Counters): Cache {
  const { sessions, adapter } = run;
  const n = Math.max(1, ...prompts.map((ids) => ids.length - 1));
  const ids = new BigInt64Array(prompts.length * n);
  prompts.forEach((prompt, i) => {
    prompt.subarray(0, -1).forEach((id, j) => (ids[i * n + j] = BigInt(id)));
    counters.prefillTokens += prompt.length - 1;
  });
  const feeds = {
    ...emptyFeeds(sessions.config, prompts.length),
    ...adapter.feeds,
    ...sessions.rope.upTo(n),
    ids: { dtype: 'int64', shape: [prompts.length, n], data: ids },
    last_index: {
      dtype: 'int32',
      shape: [prompts.length],
      data: Int32Array.from(prompts, (prompt) => Math.max(prompt.length - 2, 0)),
    },
    total_length: { dtype: 'int32', shape: [], data: Int32Array.of(n) },
  } as const;
  const { kept } = run.prefill.run<string>(pick(run.prefill, feeds), { keep: presentNames(sessions.config) });
  return cacheOf(sessions.config, kept, n);
}

/** Only the inputs that the session has: what a graph does not need was pruned from it. */
function pick<T>(session: Session, feeds: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(session.inputNames.map((name) => [name, feeds[name] as T]));
}

/** Runs the loop once and hands each row its tokens. */
async function decodeChunk(
  run: DecodeRun,
  rows: readonly Row[],
  cache: Cache,
  counters: Counters,
): Promise<Cache> {
  const { sessions, adapter, request, rule } = run;
  const started = performance.now();
  // A row goes on with nothing of use when it has ended, until the others have; it must not run out of positions.
  const steps = Math.min(
    run.chunkTokens,
    Math.max(...rows.map((row) => rule.maxTokens - row.ids.length)),
    sessions.config.maxPositions - longest(rows),
  );
  const feeds = {
    ...cacheFeeds(cache, 'past.'),
    ...adapter.feeds,
    ...sessions.rope.upTo(cache.length + steps),
    ...run.scalars,
    steps: { dtype: 'int64', shape: [], data: BigInt64Array.of(BigInt(steps)) },
    tokens: {
      dtype: 'int64',
      shape: [rows.length, 1],
      data: BigInt64Array.from(rows, (row) => BigInt(lastToken(row))),
    },
    last_index: {
      dtype: 'int32',
      shape: [rows.length],
      data: Int32Array.from(rows, (row) => cachedLength(row) - 1),
    },
    total_length: { dtype: 'int32', shape: [], data: Int32Array.of(cache.length + 1) },
    finished: { dtype: 'bool', shape: [rows.length, 1], data: new Uint8Array(rows.length) },
    uniforms: uniforms(request, rows, steps),
    ...(sessions.config.vocabularySize > 0 && run.decode.inputNames.includes('seen')
      ? { seen: seenTokens(rows, sessions.config.vocabularySize) }
      : {}),
  } as const;
  const { kept, read } = run.decode.run<string, 'tokens_out' | 'log_probs' | 'sampling_log_probs'>(
    pick(run.decode, feeds),
    {
      keep: presentNames(sessions.config),
      read: ['tokens_out', 'log_probs', 'sampling_log_probs'],
    },
  );
  // Whatever fails from here on, both caches are given up.
  const grown = cacheOf(sessions.config, kept, cache.length + steps);
  try {
    const result = await read;
    const chunk: DecodedChunk = {
      steps: result.tokens_out.shape[0] as number,
      rows: rows.length,
      tokens: result.tokens_out.data as BigInt64Array,
      logProbs: result.log_probs.data as Float32Array,
      samplingLogProbs: result.sampling_log_probs.data as Float32Array,
    };
    rows.forEach((row, place) => {
      const taken = takeTokens(row, place, chunk, rule);
      counters.completionTokens += taken;
      counters.idleTokens += chunk.steps - taken;
      request.onTokens?.(row.prompt, row.sample, Int32Array.from(row.ids.slice(row.ids.length - taken)));
    });
    counters.decodeSeconds += (performance.now() - started) / 1000;
    return { ...grown, length: cache.length + chunk.steps };
  } catch (error) {
    grown[Symbol.dispose]();
    throw error;
  } finally {
    cache[Symbol.dispose]();
  }
}

/** [step, row, 1]: each row's own random numbers at its own positions. */
function uniforms(request: SampleRequest, rows: readonly Row[], steps: number): HostTensor {
  const data = new Float32Array(steps * rows.length);
  const own = new Float32Array(steps);
  rows.forEach((row, place) => {
    fillUniforms(own, { ...request.key, prompt: row.promptIndex, sample: row.sample }, row.ids.length);
    for (let step = 0; step < steps; step += 1) data[step * rows.length + place] = own[step] as number;
  });
  return { dtype: 'float32', shape: [steps, rows.length, 1], data };
}

/** [row, vocabulary]: 1 for tokens of the prompt and of the completion so far. */
function seenTokens(rows: readonly Row[], vocabularySize: number): HostTensor {
  const data = new Float32Array(rows.length * vocabularySize);
  rows.forEach((row, place) => {
    for (const id of row.promptIds) data[place * vocabularySize + id] = 1;
    for (const id of row.ids) data[place * vocabularySize + id] = 1;
  });
  return { dtype: 'float32', shape: [rows.length, vocabularySize], data };
}
