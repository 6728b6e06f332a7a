import { DoppioError } from '@doppio/core';
import type { TensorRef } from '../tensor.js';
import type { Connection } from './connection.js';

/** The ref handed to callers. */
export class RemoteTensor implements TensorRef {
  private gone = false;

  constructor(
    readonly id: number,
    /** For errors: `output hidden of session block` or `uploaded float32 [2, 3]`. */
    readonly label: string,
    private readonly connection: Connection,
  ) {}

  dispose(): void {
    if (this.gone) return;
    this.gone = true;
    this.connection.notify({ kind: 'free', tensor: this.id });
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Marks it as disposed without a message: the worker drops the tensor as a part of another call. */
  markDisposed(): void {
    this.gone = true;
  }

  /** Why this ref cannot be used on `connection`, or undefined. */
  problem(connection: Connection): string | undefined {
    if (this.connection !== connection) return `${this.label} lives in another host`;
    return this.gone ? `${this.label} was disposed` : undefined;
  }
}

/** The ref's id. @throws DoppioError RUNTIME_REF_DISPOSED when it cannot be used on this host */
export function usableRef(ref: TensorRef, connection: Connection): RemoteTensor {
  const problem =
    ref instanceof RemoteTensor ? ref.problem(connection) : 'it was not made by a host of this package';
  if (problem !== undefined)
    throw new DoppioError('RUNTIME_REF_DISPOSED', {
      what: 'a tensor ref cannot be read',
      where: `runtime ${connection.name}`,
      seen: problem,
      fix: 'read it before it is disposed, from the host that made it',
    });
  return ref as RemoteTensor;
}
