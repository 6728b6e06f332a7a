/** An array ready to be posted, and the buffer that is moved with it. */
export interface Posted<A extends ArrayBufferView> {
  readonly data: A;
  readonly moved: ArrayBuffer;
}

interface Sliceable extends ArrayBufferView {
  slice(): this;
}

/** True when the array is the only thing in an unshared buffer, so that moving the buffer moves nothing else. */
export function fillsItsBuffer(data: ArrayBufferView): boolean {
  return data.buffer instanceof ArrayBuffer && data.byteLength === data.buffer.byteLength;
}

/**
 * Copies the array, or hands out itself to be moved. Posting a view without moving its buffer would copy the
 * whole buffer, twice; so a copy is made here and moved.
 */
export function copyOrMove<A extends Sliceable>(data: A, move: boolean): Posted<A> {
  const posted = move && fillsItsBuffer(data) ? data : plainCopy(data);
  return { data: posted, moved: posted.buffer as ArrayBuffer };
}

/** `slice` of a Node Buffer would be a view, and may lie in Node's pool. */
function plainCopy<A extends Sliceable>(data: A): A {
  if (!Buffer.isBuffer(data)) return data.slice();
  return new Uint8Array(data) as unknown as A;
}
