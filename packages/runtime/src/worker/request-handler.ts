import { messageOf } from '../failure.js';
import type { Failure } from '../failure.js';
import type { NativeGuard } from '../native-guard.js';
import type { Calls, CallKind, CallRequest, Reply, Request } from '../protocol.js';
import type { HostData, HostTensor } from '../tensor.js';
import { discard } from './buffers.js';
import { nativeFolder } from './native-folder.js';
import type { Ort } from './ort.js';
import { toHost, toOrt } from './convert.js';
import { runSession } from './run-session.js';
import { ortOptions } from './session-options.js';
import { SessionStore, valueInfos } from './session-store.js';
import { dataOf, isFailure, TensorStore } from './tensor-store.js';

type Send = (message: Reply, moved?: readonly ArrayBuffer[]) => void;
type RequestOf<K extends CallKind> = Extract<CallRequest, { kind: K }>;

/** Answer to a call: the value and the buffers that are moved with it, or why there is none. */
export type Outcome<K extends CallKind> =
  { readonly value: Calls[K]['reply']; readonly moved?: readonly ArrayBuffer[] } | Failure;

/** Carries out the requests of one host. */
export class RequestHandler {
  private readonly sessions = new SessionStore();
  private readonly tensors = new TensorStore();

  constructor(
    private readonly ort: Ort,
    private readonly guard: NativeGuard,
    private readonly send: Send,
  ) {
    ort.env.logLevel = 'error';
  }

  async handle(request: Request): Promise<void> {
    if (request.kind === 'upload') {
      this.upload(request.tensor, request.value);
      return;
    }
    if (request.kind === 'free') {
      this.tensors.free(request.tensor);
      return;
    }
    const outcome = await this.outcomeOf(request).catch((error: unknown): Failure => ({
      code: 'RUNTIME_CALL_FAILED',
      facts: {
        what: `the worker failed in a call (${request.kind})`,
        seen: messageOf(error),
        fix: 'check that memory suffices',
      },
      cause: messageOf(error),
    }));
    if (isFailure(outcome)) this.send({ kind: 'failure', call: request.call, failure: outcome });
    else this.send({ kind: 'value', call: request.call, value: outcome.value }, outcome.moved);
  }

  private async outcomeOf(request: CallRequest): Promise<Outcome<CallKind>> {
    switch (request.kind) {
      case 'create':
        return await this.create(request);
      case 'run': {
        const session = this.sessions.get(request.session);
        if (session === undefined) return sessionGone(request.session);
        return await runSession(this.ort, session, request, this.tensors, this.sessions, this.guard);
      }
      case 'read':
        return this.read(request);
      case 'release':
        return await this.release(request.session);
      case 'statistics':
        return { value: this.statistics() };
      case 'backends':
        return { value: this.backends() };
      case 'close':
        for (const id of this.sessions.ids()) await this.release(id);
        return { value: undefined };
    }
  }

  private async create(request: RequestOf<'create'>): Promise<Outcome<'create'>> {
    const { model, options } = request;
    const start = performance.now();
    try {
      const native = await this.guard.during(() =>
        this.ort.InferenceSession.create(model, ortOptions(options)),
      );
      this.sessions.add(request.session, native, options, (performance.now() - start) / 1000);
      return {
        value: { inputs: valueInfos(native.inputMetadata), outputs: valueInfos(native.outputMetadata) },
      };
    } catch (error) {
      return {
        code: 'RUNTIME_SESSION_REFUSED',
        facts: {
          what: 'ONNX Runtime refused a model',
          where: `session ${options.name}`,
          seen: messageOf(error),
          fix: 'check the model and the session options',
        },
        cause: messageOf(error),
      };
    } finally {
      // A session has its own copy of everything.
      discard(model);
      for (const { data } of options.externalData ?? []) discard(data);
    }
  }

  /** A tensor that ONNX Runtime's own checks refuse becomes a failed one. */
  private upload(id: number, value: HostTensor): void {
    try {
      this.tensors.add(id, toOrt(this.ort, value));
    } catch (error) {
      this.tensors.addFailure(id, {
        code: 'RUNTIME_TENSOR_INVALID',
        facts: { what: 'ONNX Runtime refused a tensor', seen: messageOf(error) },
      });
    }
  }

  private read({ tensor: id, move }: RequestOf<'read'>): Outcome<'read'> {
    const tensor = this.tensors.get(id);
    if (isFailure(tensor)) {
      if (move) this.tensors.free(id);
      return tensor;
    }
    const data: HostData = move ? dataOf(tensor) : dataOf(tensor).slice();
    if (move) this.tensors.remove(id);
    const value = toHost(tensor, data);
    if (isFailure(value)) return value;
    return { value, moved: [data.buffer as ArrayBuffer] };
  }

  private async release(id: number): Promise<Outcome<'release'>> {
    const session = this.sessions.remove(id);
    if (session === undefined) return { value: undefined };
    await this.guard.during(async () => {
      if (session.profiled) session.native.endProfiling();
      await session.native.release();
    });
    return { value: undefined };
  }

  private statistics(): Calls['statistics']['reply'] {
    const sessions = this.sessions.statistics();
    const all = Object.values(sessions);
    return {
      sessions,
      runs: all.reduce((sum, { runs }) => sum + runs, 0),
      seconds: all.reduce((sum, { seconds }) => sum + seconds, 0),
      liveRefs: this.tensors.liveRefs,
      liveBytes: this.tensors.liveBytes,
      peakBytes: this.tensors.peakBytes,
      residentBytes: process.memoryUsage.rss(),
    };
  }

  private backends(): Calls['backends']['reply'] {
    return {
      version: this.ort.env.versions.node ?? this.ort.env.versions.common,
      folder: nativeFolder(),
      backends: this.ort.listSupportedBackends().map(({ name, bundled }) => ({ name, bundled })),
    };
  }
}

function sessionGone(id: number): Failure {
  return {
    code: 'RUNTIME_DISPOSED',
    facts: { what: 'a session was used after it was disposed', where: `session ${String(id)}` },
  };
}
