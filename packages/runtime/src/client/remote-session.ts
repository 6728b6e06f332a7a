import { DoppioError } from '@doppio/core';
import type { FedValue } from '../protocol.js';
import { feedProblem } from '../session.js';
import type { RunOutputs, RunResult, Session, ValueInfo } from '../session.js';
import { isDType, showTensor, tensorProblem } from '../tensor.js';
import type { HostTensor, TensorRef } from '../tensor.js';
import { disposedError } from './connection.js';
import type { Connection } from './connection.js';
import { copyOrMove } from './copy.js';
import { RemoteTensor } from './remote-tensor.js';

/** The session handed to callers: checks what can be known here, and queues runs. */
export class RemoteSession implements Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  private readonly outputsByName: ReadonlyMap<string, ValueInfo>;
  private released: Promise<void> | undefined;

  constructor(
    private readonly id: number,
    readonly name: string,
    readonly inputs: readonly ValueInfo[],
    readonly outputs: readonly ValueInfo[],
    private readonly connection: Connection,
    private readonly nextTensor: () => number,
  ) {
    this.inputNames = inputs.map((input) => input.name);
    this.outputNames = outputs.map((output) => output.name);
    this.outputsByName = new Map(outputs.map((output) => [output.name, output]));
  }

  run<K extends string = never, R extends string = never>(
    feeds: Readonly<Record<string, TensorRef | HostTensor>>,
    outputs: RunOutputs<K, R>,
  ): RunResult<K, R> {
    if (this.released !== undefined) throw disposedError(`session ${this.name}`);
    const keep = [...new Set(outputs.keep ?? [])];
    const read = [...new Set(outputs.read ?? [])];
    this.checkOutputs(keep, read);
    this.checkFeeds(feeds);
    const moved: ArrayBuffer[] = [];
    const fed = Object.entries(feeds).map(([input, value]) => [input, postedFeed(value, moved)] as const);
    const kept = {} as Record<K, TensorRef>;
    const keepIds = keep.map((output) => {
      const ref = this.refTo(output);
      kept[output] = ref;
      return [output, ref.id] as const;
    });
    const request = { session: this.id, feeds: fed, keep: keepIds, read };
    const done = this.connection.call('run', request, moved);
    // An intermediate run's promise may be ignored: its failure travels on with the kept tensors.
    done.catch(() => undefined);
    return { kept, read: done as Promise<Record<R, HostTensor>> };
  }

  dispose(): Promise<void> {
    this.released ??= this.connection.call('release', { session: this.id }).catch((error: unknown) => {
      // With its worker the session is gone too.
      if (!DoppioError.is(error, 'RUNTIME_DISPOSED') && !DoppioError.is(error, 'RUNTIME_WORKER_DIED'))
        throw error;
    });
    return this.released;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  private refTo(output: string): RemoteTensor {
    return new RemoteTensor(this.nextTensor(), `output ${output} of session ${this.name}`, this.connection);
  }

  private checkOutputs(keep: readonly string[], read: readonly string[]): void {
    const fail = (what: string, seen: string): DoppioError =>
      new DoppioError('RUNTIME_OUTPUT_INVALID', {
        what,
        where: `session ${this.name}`,
        seen,
        fix: `it has the outputs ${this.outputNames.join(', ')}`,
      });
    if (keep.length + read.length === 0) throw fail('a run without outputs', 'neither keep nor read');
    for (const name of [...keep, ...read])
      if (!this.outputsByName.has(name)) throw fail('an unknown output was asked for', name);
    for (const name of read) {
      const output = this.outputsByName.get(name);
      if (output !== undefined && !isDType(output.dtype))
        throw fail('an output of this type cannot be read', `${name} ${showTensor(output)}`);
    }
  }

  private checkFeeds(feeds: Readonly<Record<string, TensorRef | HostTensor>>): void {
    for (const input of this.inputs) {
      const value = feeds[input.name];
      if (value === undefined) throw this.feedError('an input is missing', input, `fed ${listOf(feeds)}`);
      const problem = this.problemOf(input, value);
      if (problem !== undefined) throw this.feedError(problem.what, input, problem.seen);
    }
    const known = new Set(this.inputNames);
    const unknown = Object.keys(feeds).find((name) => !known.has(name));
    if (unknown !== undefined)
      throw this.feedError(
        'the session has no such input',
        { name: unknown },
        `its inputs are ${listOf(known)}`,
      );
  }

  private problemOf(
    input: ValueInfo,
    value: TensorRef | HostTensor,
  ): { readonly what: string; readonly seen: string } | undefined {
    if (value instanceof RemoteTensor) {
      const seen = value.problem(this.connection);
      return seen === undefined ? undefined : { what: 'an unusable tensor was fed', seen };
    }
    if (!isTensor(value))
      return { what: 'an unusable tensor was fed', seen: 'neither a host tensor nor a ref of this package' };
    const malformed = tensorProblem(value);
    if (malformed !== undefined) return { what: 'a malformed tensor was fed', seen: malformed };
    const misfit = feedProblem(input, value);
    return misfit === undefined
      ? undefined
      : {
          what: `a tensor of ${misfit} was fed`,
          seen: `${showTensor(value)}, the model wants ${showTensor(input)}`,
        };
  }

  private feedError(what: string, input: { readonly name: string }, seen: string): DoppioError {
    return new DoppioError('RUNTIME_FEED_INVALID', {
      what,
      where: `session ${this.name}, input ${input.name}`,
      seen,
    });
  }
}

function postedFeed(value: TensorRef | HostTensor, moved: ArrayBuffer[]): FedValue {
  if (value instanceof RemoteTensor) return value.id;
  const { dtype, shape, data } = value as HostTensor;
  const posted = copyOrMove(data, false);
  moved.push(posted.moved);
  return { dtype, shape: [...shape], data: posted.data };
}

/** Callers without types feed anything. */
function isTensor(value: TensorRef | HostTensor): value is HostTensor {
  return 'data' in Object(value);
}

function listOf(names: ReadonlySet<string> | object): string {
  const list = names instanceof Set ? [...(names as ReadonlySet<string>)] : Object.keys(names);
  return list.length === 0 ? 'nothing' : list.join(', ');
}
