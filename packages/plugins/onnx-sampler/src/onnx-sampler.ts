import {
  DoppioError,
  type Adapter,
  type SampleRequest,
  type SampleResult,
  type Sampler,
  type SamplingParameters,
  type Tokenizer,
} from '@doppio/core';
import {
  loadModelWeights,
  loadTokenizer,
  weightBytes,
  type ModelConfig,
  type ModelWeights,
} from '@doppio/models';
import { createReplicas, type HostTensor, type NonEmpty, type ReplicaOptions } from '@doppio/runtime';
import { checkRequest } from './check-request.js';
import { decodeRequest, type Replica } from './decode-request.js';
import type { SamplingShape } from './graph/choose.js';
import { SamplerSessions } from './sessions.js';
import { Shared } from './shared.js';

export interface OnnxSamplerOptions {
  /** Tokens decoded in one run of the graph, before finished rows leave and waiting ones join. Default 32. */
  readonly chunkTokens: number;
  /** Rows decoded at once, at most, in all replicas together. Default 256. */
  readonly maxRows: number;
  /** Memory that all key-value caches may take; lowers the number of rows where they are large. Default 512. */
  readonly cacheMegabytes: number;
}

export const defaultSamplerOptions: OnnxSamplerOptions = {
  chunkTokens: 32,
  maxRows: 256,
  cacheMegabytes: 512,
};

/** The replicas with one version of an adapter in each. */
interface Loaded extends Disposable {
  readonly replicas: readonly Replica[];
}

/** Sampler that decodes inside of the graph; see docs/engine.md. Prompts are spread over the replicas. */
export class OnnxSampler implements Sampler {
  readonly id = 'onnx';
  private loaded: Shared<Loaded>;

  /** @param replicas - the same model, each in a worker of its own */
  constructor(
    private readonly replicas: NonEmpty<SamplerSessions>,
    readonly tokenizer: Tokenizer,
    private readonly options: OnnxSamplerOptions,
  ) {
    checkOptions(options);
    this.loaded = this.load(undefined);
  }

  /** Tokens that a prompt and its completion may have together. */
  get maxPositions(): number {
    return this.replicas[0].config.maxPositions;
  }

  readonly setAdapter = async (adapter: Adapter | undefined): Promise<void> => {
    const old = this.loaded;
    this.loaded = this.load(adapter);
    // Requests under way go on with the adapter that they began with.
    old[Symbol.dispose]();
    await Promise.resolve();
  };

  readonly sample = async (request: SampleRequest): Promise<SampleResult> => {
    const { parameters } = request;
    const { config } = this.replicas[0];
    checkRequest(request, config);
    using _held = this.loaded.hold();
    const { replicas } = this.loaded.value;
    const stopIds = parameters.stopIds ?? this.tokenizer.stopIds;
    const longestRow = Math.max(0, ...request.prompts.map(({ ids }) => ids.length)) + parameters.maxTokens;
    return await decodeRequest({
      replicas,
      sampling: samplingShape(parameters),
      request,
      rule: {
        maxTokens: parameters.maxTokens,
        stopIds: new Set(stopIds),
        stopStrings: parameters.stopStrings ?? [],
        decode: (ids) => this.tokenizer.decode(ids),
      },
      scalars: samplingScalars(parameters, stopIds, config.vocabularySize),
      chunkTokens: this.options.chunkTokens,
      maxRows: rowLimit(this.options, config, longestRow, replicas.length),
    });
  };

  private load(adapter: Adapter | undefined): Shared<Loaded> {
    const replicas = this.replicas.map((sessions) => ({ sessions, adapter: sessions.load(adapter) }));
    const release = (): void => replicas.forEach((replica) => replica.adapter[Symbol.dispose]());
    return new Shared({ replicas, [Symbol.dispose]: release });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.loaded[Symbol.dispose]();
    await Promise.all(this.replicas.map((sessions) => sessions[Symbol.asyncDispose]()));
  }
}

export interface CreateOnnxSampler extends Partial<OnnxSamplerOptions> {
  /** Folder in Hugging Face form. */
  readonly model: string;
  /** CPU threads of all replicas together; default: all cores. */
  readonly threads?: number | undefined;
  /** Copies of the engine, each with its share of the threads. Default: one a thread while copies are small. */
  readonly replicas?: number | undefined;
}

/** Loads a model and starts the engine. */
export async function createOnnxSampler({
  model,
  threads,
  replicas,
  ...options
}: CreateOnnxSampler): Promise<OnnxSampler> {
  const weights = await loadModelWeights(model);
  const tokenizer = await loadTokenizer(model);
  const sessions = await createSamplerSessions(weights, { threads, replicas });
  return new OnnxSampler(sessions, tokenizer, { ...defaultSamplerOptions, ...options });
}

/** Sessions of one model, each in a worker of its own. */
export function createSamplerSessions(
  weights: ModelWeights,
  options: Pick<ReplicaOptions, 'threads' | 'replicas'> = {},
): Promise<NonEmpty<SamplerSessions>> {
  return createReplicas(
    { ...options, name: 'sampler', weightBytes: weightBytes(weights) },
    (host) => new SamplerSessions(host, weights.config, weights),
  );
}

function samplingShape({
  temperature = 1,
  topK = 0,
  topP = 1,
  minP = 0,
  repetitionPenalty = 1,
}: SamplingParameters): SamplingShape {
  return {
    greedy: temperature === 0,
    topK: topK > 0,
    topP: topP < 1,
    minP: minP > 0,
    repetitionPenalty: repetitionPenalty !== 1,
  };
}

function samplingScalars(
  { temperature = 1, topK = 0, topP = 1, minP = 0, repetitionPenalty = 1 }: SamplingParameters,
  stopIds: readonly number[],
  vocabularySize: number,
): Record<string, HostTensor> {
  const scalar = (value: number): HostTensor => ({
    dtype: 'float32',
    shape: [],
    data: Float32Array.of(value),
  });
  // -1 is no token: an empty list of stop ids would be an empty tensor.
  const stops = stopIds.length === 0 ? [-1] : stopIds;
  return {
    inverse_temperature: scalar(temperature === 0 ? 1 : 1 / temperature),
    top_k: {
      dtype: 'int64',
      shape: [1],
      data: BigInt64Array.of(BigInt(Math.min(Math.max(topK, 1), vocabularySize))),
    },
    top_p: scalar(topP),
    min_p: scalar(minP),
    repetition_penalty: scalar(repetitionPenalty),
    stop_ids: { dtype: 'int64', shape: [1, stops.length], data: BigInt64Array.from(stops, BigInt) },
  };
}

/** Rows of a replica whose caches fit into its share, twice over: a cache is copied when rows leave or join. */
function rowLimit(
  { maxRows, cacheMegabytes }: OnnxSamplerOptions,
  config: ModelConfig,
  longestRow: number,
  replicas: number,
): number {
  const bytesPerRow = 2 * 2 * 4 * config.layers * config.keyValueHeads * config.headSize * longestRow;
  const fitting = Math.floor((cacheMegabytes * 2 ** 20) / bytesPerRow / replicas);
  return Math.max(1, Math.min(Math.ceil(maxRows / replicas), fitting));
}

/** The plugin's schema says the same; this is for those who make a sampler in code. */
function checkOptions(options: OnnxSamplerOptions): void {
  for (const name of ['chunkTokens', 'maxRows', 'cacheMegabytes'] as const) {
    const value = options[name];
    if (value > 0 && (name === 'cacheMegabytes' || Number.isInteger(value))) continue;
    throw new DoppioError('OPTIONS_INVALID', {
      what: `${name} must be a positive ${name === 'cacheMegabytes' ? 'number' : 'integer'}`,
      where: `sampler options, ${name}`,
      seen: String(value),
      fix: `leave it out for the default, ${String(defaultSamplerOptions[name])}`,
    });
  }
}
