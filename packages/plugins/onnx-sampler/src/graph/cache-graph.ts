import { GraphBuilder, ops, type Graph, type Value } from '@doppio/graph';
import type { ModelConfig } from '@doppio/models';
import { cacheInputs, cacheName } from './decode-graph.js';

/** Rows of a cache in another order (or repeated), cut to `length` int64 [1] positions. Inputs `past.*`, `rows`. */
export function selectGraph(config: ModelConfig): Graph {
  const g = new GraphBuilder('cache_select');
  const caches = cacheInputs(g, config);
  const rows = g.input('rows', 'int64', ['selected']);
  const length = g.input('length', 'int64', [1]);
  caches.forEach(({ keys, values }, layer) => {
    g.output(`present.${cacheName.keys(layer)}`, selectRows(g, keys, rows, length));
    g.output(`present.${cacheName.values(layer)}`, selectRows(g, values, rows, length));
  });
  return g.finish();
}

/**
 * Rows of two caches one after the other, both brought to `length` positions. Inputs `past.*` with `rows`, `joining.*`
 * with `joining_rows`; `pads` and `joining_pads` int64 [8] as the Pad operator takes them (only the third extent grows).
 */
export function joinGraph(config: ModelConfig): Graph {
  const g = new GraphBuilder('cache_join');
  const staying = cacheInputs(g, config);
  const joining = cacheInputs(g, config, 'joining.', 'joining_row', 'joining_past');
  const rows = g.input('rows', 'int64', ['selected']);
  const joiningRows = g.input('joining_rows', 'int64', ['joining_selected']);
  const length = g.input('length', 'int64', [1]);
  const pads = g.input('pads', 'int64', [8]);
  const joiningPads = g.input('joining_pads', 'int64', [8]);
  const merge = (a: Value, b: Value): Value => {
    const left = padded(g, selectRows(g, a, rows, length), pads);
    const right = padded(g, selectRows(g, b, joiningRows, length), joiningPads);
    return ops.concat(g, [left, right], 0, 'row_total');
  };
  staying.forEach((cache, layer) => {
    const other = joining[layer] ?? cache;
    g.output(`present.${cacheName.keys(layer)}`, merge(cache.keys, other.keys));
    g.output(`present.${cacheName.values(layer)}`, merge(cache.values, other.values));
  });
  return g.finish();
}

function selectRows(g: GraphBuilder, cache: Value, rows: Value, length: Value): Value {
  return ops.slice(g, ops.gather(g, cache, rows), g.constant('int64', [1], [0]), length, 2, 'length');
}

function padded(g: GraphBuilder, cache: Value, pads: Value): Value {
  return g.emit1('Pad', [cache, pads], 'float32', [
    'selected_row',
    ...cache.shape.slice(1, 2),
    'padded_length',
    ...cache.shape.slice(3),
  ]);
}
