import { DoppioError, type Adapter, type LowRankUpdate } from '@doppio/core';
import { encodeModelParts, type Graph } from '@doppio/graph';
import { projectionPath, projections, RopeFeeds, type ModelConfig, type ModelWeights } from '@doppio/models';
import type { RuntimeHost, Session, TensorRef } from '@doppio/runtime';
import type { SamplingShape } from './graph/choose.js';
import { joinGraph, selectGraph } from './graph/cache-graph.js';
import { decodeGraph } from './graph/decode-graph.js';
import { prefillGraph } from './graph/prefill-graph.js';
import { loraInput, siteKey, type AdaptedSites, type WeightSource } from './graph/weights.js';

/** One version of an adapter in the worker. */
export interface LoadedAdapter extends Disposable {
  readonly kind: 'none' | 'low-rank' | 'full';
  readonly sites: AdaptedSites;
  readonly feeds: Readonly<Record<string, TensorRef>>;
}

/** Of GroupQueryAttention with rotary embedding on the CPU. */
const HEAD_SIZE_UNIT = 16;

/**
 * One replica's sessions by what they contain; made when first needed. Values (adapters, temperatures) are inputs and
 * need no new one.
 */
export class SamplerSessions implements AsyncDisposable {
  private readonly made = new Map<string, Promise<Session>>();
  readonly rope: RopeFeeds;

  /** @throws DoppioError MODEL_UNSUPPORTED */
  constructor(
    readonly host: RuntimeHost,
    readonly config: ModelConfig,
    private readonly weights: ModelWeights,
  ) {
    if (config.headSize % HEAD_SIZE_UNIT !== 0)
      throw new DoppioError('MODEL_UNSUPPORTED', {
        what: 'the sampler cannot decode attention heads of this size',
        where: 'config.json, head size',
        seen: String(config.headSize),
        fix: `ONNX Runtime's GroupQueryAttention takes multiples of ${String(HEAD_SIZE_UNIT)}`,
      });
    this.rope = new RopeFeeds(host, config);
  }

  decode(adapter: LoadedAdapter, sampling: SamplingShape): Promise<Session> {
    const { source, key } = this.sourceFor(adapter);
    return this.session(`decode ${key} ${JSON.stringify(sampling)}`, () =>
      decodeGraph({ config: this.config, source, adapted: adapter.sites, sampling }),
    );
  }

  prefill(adapter: LoadedAdapter): Promise<Session> {
    const { source, key } = this.sourceFor(adapter);
    return this.session(`prefill ${key}`, () => prefillGraph(this.config, source, adapter.sites));
  }

  select(): Promise<Session> {
    return this.session('cache select', () => selectGraph(this.config));
  }

  join(): Promise<Session> {
    return this.session('cache join', () => joinGraph(this.config));
  }

  /** Uploads an adapter's current values. */
  load(adapter: Adapter | undefined): LoadedAdapter {
    const refs: Record<string, TensorRef> = {};
    const sites = new Set<string>();
    const upload = (shape: readonly number[], data: Float32Array): TensorRef =>
      this.host.upload({ dtype: 'float32', shape, data });
    if (adapter?.kind === 'full')
      for (const { name, shape, data } of adapter.parameters) refs[name] = upload(shape, data);
    if (adapter?.kind === 'low-rank') {
      for (const { layer, module, update } of lowRankSites(this.config, adapter)) {
        sites.add(siteKey(layer, module));
        refs[loraInput.a(layer, module)] = upload(update.a.shape, update.a.data);
        refs[loraInput.b(layer, module)] = upload(update.b.shape, update.b.data);
        refs[loraInput.scale(layer, module)] = upload([], Float32Array.of(update.scale));
      }
    }
    return {
      kind: adapter?.kind ?? 'none',
      sites,
      feeds: refs,
      [Symbol.dispose]: () => Object.values(refs).forEach((ref) => ref.dispose()),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.rope[Symbol.dispose]();
    await this.host[Symbol.asyncDispose]();
  }

  private sourceFor(adapter: LoadedAdapter): { readonly source: WeightSource; readonly key: string } {
    if (adapter.kind === 'full') return { source: { kind: 'inputs' }, key: 'full' };
    return {
      source: {
        kind: 'initializers',
        tensor: (name) => (this.weights.tensors.get(name) as { data: Float32Array }).data,
      },
      key: [...adapter.sites].join(','),
    };
  }

  private session(key: string, graph: () => Graph): Promise<Session> {
    const known = this.made.get(key);
    if (known !== undefined) return known;
    const name = key.split(' ')[0] as string;
    const { model, externalData } = encodeModelParts(graph());
    const made = this.host.createSession(model, { name, externalData, arena: false });
    this.made.set(key, made);
    return made;
  }
}

function lowRankSites(
  config: ModelConfig,
  adapter: Adapter,
): { layer: number; module: (typeof projections)[number]; update: LowRankUpdate }[] {
  return Array.from({ length: config.layers }, (_, layer) => layer).flatMap((layer) =>
    projections.flatMap((module) => {
      const update = adapter.lowRank(`model.layers.${String(layer)}.${projectionPath(module)}`);
      return update === undefined ? [] : [{ layer, module, update }];
    }),
  );
}
