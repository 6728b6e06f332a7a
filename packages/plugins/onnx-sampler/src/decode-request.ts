import type { SamplePrompt, SampleRequest, SampleResult } from '@doppio/core';
import type { HostTensor } from '@doppio/runtime';
import { decodeRows, noCounts, type Counters } from './decoder.js';
import type { SamplingShape } from './graph/choose.js';
import { completionOf, type Row, type StopRule } from './row.js';
import type { LoadedAdapter, SamplerSessions } from './sessions.js';

/** A model with an adapter in a worker of its own. */
export interface Replica {
  readonly sessions: SamplerSessions;
  readonly adapter: LoadedAdapter;
}

export interface RequestRun {
  readonly replicas: readonly Replica[];
  readonly sampling: SamplingShape;
  readonly request: SampleRequest;
  readonly rule: StopRule;
  readonly scalars: Readonly<Record<string, HostTensor>>;
  /** Tokens decoded in one run of the graph. */
  readonly chunkTokens: number;
  /** Rows that a replica decodes at once. */
  readonly maxRows: number;
}

/**
 * Decodes a request, its prompts dealt out to the replicas in turn: who gets which depends on the request alone, not on
 * who is done first. When one fails, the others stop after their chunk.
 */
export async function decodeRequest(run: RequestRun): Promise<SampleResult> {
  const { replicas, request } = run;
  const rows = request.prompts.map(rowsOf);
  const all = rows.flat();
  const portions = rows.flatMap((own) => cut(own, portionSize(run, all.length)));
  const stop = new AbortController();
  const signal = request.signal === undefined ? stop.signal : AbortSignal.any([request.signal, stop.signal]);
  const progress = replicas.map(() => ({ tokens: 0, finished: 0 }));
  const results = await Promise.allSettled(
    replicas.map(async (replica, place) => {
      const own = portions.filter((_, i) => i % replicas.length === place);
      const onChunk = ({ completionTokens: tokens }: Counters, finished: number): void => {
        progress[place] = { tokens, finished };
        request.onProgress?.({
          tokens: progress.reduce((sum, each) => sum + each.tokens, 0),
          finished: progress.reduce((sum, each) => sum + each.finished, 0),
          total: all.length,
        });
      };
      try {
        return own.length === 0 ? noCounts() : await decodePart(run, replica, own, onChunk, signal);
      } catch (error) {
        stop.abort(error);
        throw error;
      }
    }),
  );
  // The first one to fail; the reason of the others is the same one.
  if (stop.signal.aborted) throw stop.signal.reason;
  const counters = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  return { completions: rows.map((own) => own.map(completionOf)), metrics: together(counters) };
}

async function decodePart(
  { sampling, request, rule, scalars, chunkTokens, maxRows }: RequestRun,
  { sessions, adapter }: Replica,
  portions: readonly Row[][],
  onChunk: (counters: Counters, finished: number) => void,
  signal: AbortSignal,
): Promise<Counters> {
  const [decode, prefill, select, join] = await Promise.all([
    sessions.decode(adapter, sampling),
    sessions.prefill(adapter),
    sessions.select(),
    sessions.join(),
  ]);
  const made = { sessions, adapter, decode, prefill, select, join };
  return decodeRows({ ...made, request, rule, scalars, chunkTokens, maxRows, onChunk, signal }, portions);
}

/** A prompt's samples, nothing decoded yet. */
function rowsOf(prompt: SamplePrompt, place: number): Row[] {
  return Array.from({ length: prompt.samples }, (_, sample) => ({
    prompt: place,
    promptIndex: prompt.index,
    sample,
    promptIds: prompt.ids,
    ids: [],
    logProbs: [],
    samplingLogProbs: [],
    finish: undefined,
  }));
}

/** A prompt is computed once for all of its samples, unless that would leave replicas without work. */
function portionSize({ replicas, request, maxRows }: RequestRun, rows: number): number {
  if (request.prompts.length >= replicas.length) return maxRows;
  return Math.max(1, Math.min(maxRows, Math.ceil(rows / replicas.length)));
}

function cut(rows: readonly Row[], size: number): Row[][] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, i) =>
    rows.slice(i * size, (i + 1) * size),
  );
}

/** Counts add up; the seconds are those of the replica that took longest. */
function together(all: readonly Counters[]): Counters {
  return all.reduce(
    (sum, one) => ({
      prefillTokens: sum.prefillTokens + one.prefillTokens,
      sharedPromptTokens: sum.sharedPromptTokens + one.sharedPromptTokens,
      completionTokens: sum.completionTokens + one.completionTokens,
      idleTokens: sum.idleTokens + one.idleTokens,
      prefillSeconds: Math.max(sum.prefillSeconds, one.prefillSeconds),
      decodeSeconds: Math.max(sum.decodeSeconds, one.decodeSeconds),
    }),
    noCounts(),
  );
}
