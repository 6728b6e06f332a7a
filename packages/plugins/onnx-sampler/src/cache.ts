import type { ModelConfig } from '@doppio/models';
import type { HostTensor, Session, TensorRef } from '@doppio/runtime';
import { cacheName } from './graph/decode-graph.js';

/** Keys and values of all layers for some rows, in the worker. */
export interface Cache extends Disposable {
  /** `keys.<layer>`, `values.<layer>` */
  readonly refs: Readonly<Record<string, TensorRef>>;
  /** Positions that the tensors have. */
  readonly length: number;
}

export function cacheNames(config: ModelConfig): readonly string[] {
  return Array.from({ length: config.layers }, (_, layer) => [
    cacheName.keys(layer),
    cacheName.values(layer),
  ]).flat();
}

export function presentNames(config: ModelConfig): readonly string[] {
  return cacheNames(config).map((name) => `present.${name}`);
}

export function cacheOf(
  config: ModelConfig,
  kept: Readonly<Record<string, TensorRef>>,
  length: number,
): Cache {
  const refs = Object.fromEntries(
    cacheNames(config).map((name) => [name, kept[`present.${name}`] as TensorRef]),
  );
  return { refs, length, [Symbol.dispose]: () => Object.values(refs).forEach((ref) => ref.dispose()) };
}

/** A cache as feeds, e.g. `past.keys.0`. */
export function cacheFeeds(cache: Cache, prefix: string): Record<string, TensorRef> {
  return Object.fromEntries(Object.entries(cache.refs).map(([name, ref]) => [prefix + name, ref]));
}

/** Caches without positions, to begin with. */
export function emptyFeeds(config: ModelConfig, rows: number): Record<string, HostTensor> {
  const shape = [rows, config.keyValueHeads, 0, config.headSize];
  return Object.fromEntries(
    cacheNames(config).map((name) => [
      `past.${name}`,
      { dtype: 'float32', shape, data: new Float32Array(0) },
    ]),
  );
}

export const int64Vector = (values: readonly number[]): HostTensor => ({
  dtype: 'int64',
  shape: [values.length],
  data: BigInt64Array.from(values, BigInt),
});

/** Rows of one cache; disposes it. */
export function selectCache(
  session: Session,
  config: ModelConfig,
  cache: Cache,
  rows: readonly number[],
  length: number,
): Cache {
  using given = cache;
  const { kept } = session.run<string>(
    { ...cacheFeeds(given, 'past.'), rows: int64Vector(rows), length: int64Vector([length]) },
    { keep: presentNames(config) },
  );
  return cacheOf(config, kept, length);
}

/** Rows of one cache, then rows of another; disposes both. */
export function joinCaches(
  session: Session,
  config: ModelConfig,
  staying: Cache,
  rows: readonly number[],
  joining: Cache,
  joiningRows: readonly number[],
  length: number,
): Cache {
  using left = staying;
  using right = joining;
  const pads = (cache: Cache): HostTensor =>
    int64Vector([0, 0, 0, 0, 0, 0, Math.max(0, length - cache.length), 0]);
  const feeds = {
    ...cacheFeeds(left, 'past.'),
    ...cacheFeeds(right, 'joining.'),
    rows: int64Vector(rows),
    joining_rows: int64Vector(joiningRows),
    length: int64Vector([length]),
    pads: pads(left),
    joining_pads: pads(right),
  };
  const { kept } = session.run<string>(feeds, { keep: presentNames(config) });
  return cacheOf(config, kept, length);
}
