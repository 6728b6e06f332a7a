import { DoppioError } from '@doppio/core';
import { messageOf } from '../failure.js';
import type { ReadOptions, RuntimeHost, RuntimeStatistics, UploadOptions } from '../host.js';
import type { WorkerBackends } from '../protocol.js';
import type { Session, SessionOptions } from '../session.js';
import { showTensor, tensorProblem } from '../tensor.js';
import type { HostTensor, TensorRef } from '../tensor.js';
import type { Connection } from './connection.js';
import { copyOrMove, fillsItsBuffer } from './copy.js';
import { RemoteSession } from './remote-session.js';
import { RemoteTensor, usableRef } from './remote-tensor.js';

/** The host handed to callers. */
export class WorkerHost implements RuntimeHost {
  private nextSession = 1;
  private nextTensor = 1;

  constructor(
    private readonly connection: Connection,
    readonly threads: number,
  ) {}

  get name(): string {
    return this.connection.name;
  }

  get signal(): AbortSignal {
    return this.connection.signal;
  }

  async createSession(model: Uint8Array, options: SessionOptions): Promise<Session> {
    if (!(model instanceof Uint8Array))
      throw refusedOptions(options.name, new Error('a model is a Uint8Array'));
    const id = this.nextSession++;
    const move = options.transfer === true;
    const bytes = copyOrMove(model, move);
    const moved = [bytes.moved];
    const externalData = options.externalData?.map(({ path, data }) => {
      const posted = copyOrMove(data, move);
      moved.push(posted.moved);
      return { path, data: posted.data };
    });
    const { inputs, outputs } = await this.connection
      .call(
        'create',
        {
          session: id,
          model: bytes.data,
          options: {
            ...options,
            threads: options.threads ?? this.threads,
            ...(externalData === undefined ? {} : { externalData }),
          },
        },
        moved,
      )
      .catch((error: unknown) => {
        throw DoppioError.is(error) ? error : refusedOptions(options.name, error);
      });
    return new RemoteSession(id, options.name, inputs, outputs, this.connection, () => this.nextTensor++);
  }

  upload(tensor: HostTensor, options: UploadOptions = {}): TensorRef {
    const move = options.transfer === true;
    const problem = tensorProblem(tensor) ?? (move ? moveProblem(tensor.data) : undefined);
    if (problem !== undefined) throw invalidTensor(problem);
    const { dtype, shape } = tensor;
    const posted = copyOrMove(tensor.data, move);
    const ref = new RemoteTensor(this.nextTensor++, `uploaded ${showTensor(tensor)}`, this.connection);
    try {
      this.connection.notify(
        { kind: 'upload', tensor: ref.id, value: { dtype, shape: [...shape], data: posted.data } },
        [posted.moved],
      );
    } catch (error) {
      throw invalidTensor(messageOf(error), error);
    }
    return ref;
  }

  async read(ref: TensorRef, options: ReadOptions = {}): Promise<HostTensor> {
    const tensor = usableRef(ref, this.connection);
    const move = options.dispose === true;
    if (move) tensor.markDisposed();
    return await this.connection.call('read', { tensor: tensor.id, move });
  }

  async statistics(): Promise<RuntimeStatistics> {
    return await this.connection.call('statistics', {});
  }

  /** What the worker's ONNX Runtime was built with. */
  async backends(): Promise<WorkerBackends> {
    return await this.connection.call('backends', {});
  }

  async dispose(): Promise<void> {
    await this.connection.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }
}

function moveProblem(data: ArrayBufferView): string | undefined {
  if (fillsItsBuffer(data)) return undefined;
  return data.buffer instanceof ArrayBuffer
    ? 'it is a part of a larger buffer, which cannot be moved without what else is in it'
    : 'shared memory cannot be moved';
}

function invalidTensor(seen: string, cause?: unknown): DoppioError {
  return new DoppioError('RUNTIME_TENSOR_INVALID', {
    what: 'a tensor cannot be uploaded',
    seen,
    ...(cause === undefined ? {} : { cause }),
  });
}

function refusedOptions(name: string, error: unknown): DoppioError {
  return new DoppioError('RUNTIME_SESSION_REFUSED', {
    what: 'session options cannot be sent to the worker',
    where: `session ${name}`,
    seen: messageOf(error),
    fix: 'options are plain data; values of `extra` are strings',
    cause: error,
  });
}
