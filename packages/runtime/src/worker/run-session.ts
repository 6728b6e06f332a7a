import type { Tensor } from 'onnxruntime-node';
import { messageOf } from '../failure.js';
import type { Failure } from '../failure.js';
import type { NativeGuard } from '../native-guard.js';
import type { CallRequest, FedValue } from '../protocol.js';
import { feedProblem } from '../session.js';
import { showTensor } from '../tensor.js';
import type { HostTensor } from '../tensor.js';
import { discard } from './buffers.js';
import { toHost, toOrt } from './convert.js';
import type { Ort } from './ort.js';
import type { Outcome } from './request-handler.js';
import type { LoadedSession, SessionStore } from './session-store.js';
import { dataOf, freeTensor, isFailure } from './tensor-store.js';
import type { TensorStore } from './tensor-store.js';

type RunRequest = Extract<CallRequest, { kind: 'run' }>;

/** One run: looks up the feeds, runs, stores what is kept and returns what is read. */
export async function runSession(
  ort: Ort,
  session: LoadedSession,
  request: RunRequest,
  tensors: TensorStore,
  sessions: SessionStore,
  guard: NativeGuard,
): Promise<Outcome<'run'>> {
  const outcome = await attempt();
  if (isFailure(outcome))
    for (const [, id] of request.keep) if (!tensors.has(id)) tensors.addFailure(id, outcome);
  return outcome;

  async function attempt(): Promise<Outcome<'run'>> {
    let feeds: Record<string, Tensor> = {};
    let seconds = 0;
    let failed = true;
    try {
      const gathered = gatherFeeds(ort, session, request.feeds, tensors);
      if (isFailure(gathered)) return gathered;
      feeds = gathered;
      const wanted = new Set([...request.keep.map(([output]) => output), ...request.read]);
      const start = performance.now();
      const outputs = await guard.during(() => session.native.run(feeds, [...wanted]));
      seconds = (performance.now() - start) / 1000;
      failed = false;
      return deliver(request, outputs, tensors);
    } catch (error) {
      return runFailed(session.name, error, feeds);
    } finally {
      sessions.countRun(session.name, seconds, failed);
      for (const [input, value] of request.feeds) {
        const tensor = feeds[input];
        if (typeof value !== 'number' && tensor !== undefined) freeTensor(tensor);
      }
    }
  }
}

/** Fed tensors by input name. A tensor that a failed run should have made hands on that run's failure. */
function gatherFeeds(
  ort: Ort,
  session: LoadedSession,
  fed: readonly (readonly [string, FedValue])[],
  tensors: TensorStore,
): Record<string, Tensor> | Failure {
  const feeds: Record<string, Tensor> = {};
  for (const [name, value] of fed) {
    const tensor = typeof value === 'number' ? tensors.get(value) : toOrt(ort, value);
    if (isFailure(tensor)) return tensor;
    const input = session.inputs.get(name);
    const shown = { dtype: tensor.type, shape: tensor.dims };
    const problem = input === undefined ? 'unknown input' : feedProblem(input, shown);
    if (problem !== undefined)
      return {
        code: 'RUNTIME_FEED_INVALID',
        facts: {
          what: `${problem} in a feed`,
          where: `session ${session.name}, input ${name}`,
          seen: showTensor(shown) + (input === undefined ? '' : `, the model wants ${showTensor(input)}`),
        },
      };
    feeds[name] = tensor;
  }
  return feeds;
}

/** Kept outputs go to the store, read ones to the caller; only one that is both must be copied. */
function deliver(
  request: RunRequest,
  outputs: Readonly<Record<string, Tensor>>,
  tensors: TensorStore,
): Outcome<'run'> {
  const kept = new Set<string>();
  for (const [name, id] of request.keep) {
    tensors.add(id, outputs[name] as Tensor);
    kept.add(name);
  }
  const value: Record<string, HostTensor> = {};
  const moved: ArrayBuffer[] = [];
  for (const name of request.read) {
    const tensor = outputs[name] as Tensor;
    const data = kept.has(name) ? dataOf(tensor).slice() : dataOf(tensor);
    const host = toHost(tensor, data);
    if (isFailure(host)) {
      discard(data);
      return host;
    }
    value[name] = host;
    moved.push(data.buffer as ArrayBuffer);
  }
  return { value, moved };
}

function runFailed(session: string, error: unknown, feeds: Readonly<Record<string, Tensor>>): Failure {
  const fed = Object.entries(feeds).map(
    ([name, { type, dims }]) => `${name} ${showTensor({ dtype: type, shape: dims })}`,
  );
  return {
    code: 'RUNTIME_RUN_FAILED',
    facts: {
      what: 'ONNX Runtime failed in a run',
      where: `session ${session}`,
      seen: `${messageOf(error)}; fed ${fed.join(', ')}`,
      fix: 'check the shapes that were fed, and that memory suffices',
    },
    cause: messageOf(error),
  };
}
