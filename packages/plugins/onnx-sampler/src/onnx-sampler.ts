import {
  DoppioError,
  type Adapter,
  type SampleRequest,
  type SampleResult,
  type Sampler,
  type SamplingParameters,
  type Tokenizer,
} from '@doppio/core';
import { loadModelWeights, loadTokenizer, type ModelConfig } from '@doppio/models';
import { createRuntimeHost, type HostTensor } from '@doppio/runtime';
import { checkRequest } from './check-request.js';
import { decodeRequest } from './decoder.js';
import type { SamplingShape } from './graph/choose.js';
import { SamplerSessions, type LoadedAdapter } from './sessions.js';
import { Shared } from './shared.js';

export interface OnnxSamplerOptions {
  /** Tokens decoded in one run of the graph, before finished rows leave and waiting ones join. Default 32. */
  readonly chunkTokens: number;
  /** Rows decoded at once, at most. Default 256. */
  readonly maxRows: number;
  /** Memory that key-value caches may take; lowers the number of rows where they are large. Default 512. */
  readonly cacheMegabytes: number;
}

export const defaultSamplerOptions: OnnxSamplerOptions = {
  chunkTokens: 32,
  maxRows: 256,
  cacheMegabytes: 512,
};

/** Sampler that decodes inside of the graph; see docs/engine.md. */
export class OnnxSampler implements Sampler {
  readonly id = 'onnx';
  private adapter: Shared<LoadedAdapter>;

  constructor(
    private readonly sessions: SamplerSessions,
    readonly tokenizer: Tokenizer,
    private readonly options: OnnxSamplerOptions,
  ) {
    checkOptions(options);
    this.adapter = new Shared(sessions.load(undefined));
  }

  /** Tokens that a prompt and its completion may have together. */
  get maxPositions(): number {
    return this.sessions.config.maxPositions;
  }

  readonly setAdapter = async (adapter: Adapter | undefined): Promise<void> => {
    const old = this.adapter;
    this.adapter = new Shared(this.sessions.load(adapter));
    // Requests under way go on with the adapter that they began with.
    old[Symbol.dispose]();
    await Promise.resolve();
  };

  readonly sample = async (request: SampleRequest): Promise<SampleResult> => {
    const { sessions } = this;
    const { parameters } = request;
    checkRequest(request, sessions.config);
    using _held = this.adapter.hold();
    const adapter = this.adapter.value;
    const shape = samplingShape(parameters);
    const stopIds = parameters.stopIds ?? this.tokenizer.stopIds;
    const longestRow = Math.max(0, ...request.prompts.map(({ ids }) => ids.length)) + parameters.maxTokens;
    const [decode, prefill, select, join] = await Promise.all([
      sessions.decode(adapter, shape),
      sessions.prefill(adapter),
      sessions.select(),
      sessions.join(),
    ]);
    return await decodeRequest({
      sessions,
      adapter,
      decode,
      prefill,
      select,
      join,
      request,
      rule: {
        maxTokens: parameters.maxTokens,
        stopIds: new Set(stopIds),
        stopStrings: parameters.stopStrings ?? [],
        decode: (ids) => this.tokenizer.decode(ids),
      },
      scalars: samplingScalars(parameters, stopIds, sessions.config.vocabularySize),
      options: {
        chunkTokens: this.options.chunkTokens,
        maxRows: rowLimit(this.options, sessions.config, longestRow),
      },
    });
  };

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sessions.host[Symbol.asyncDispose]();
  }
}

export interface CreateOnnxSampler extends Partial<OnnxSamplerOptions> {
  /** Folder in Hugging Face form. */
  readonly model: string;
  /** CPU threads; default: all cores. */
  readonly threads?: number | undefined;
}

/** Loads a model and starts the engine. */
export async function createOnnxSampler({
  model,
  threads,
  ...options
}: CreateOnnxSampler): Promise<OnnxSampler> {
  const weights = await loadModelWeights(model);
  const tokenizer = await loadTokenizer(model);
  const host = await createRuntimeHost({ name: 'sampler', ...(threads === undefined ? {} : { threads }) });
  return new OnnxSampler(new SamplerSessions(host, weights.config, weights), tokenizer, {
    ...defaultSamplerOptions,
    ...options,
  });
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

/** Rows whose caches fit into the allowance, twice over: a cache is copied when rows leave or join. */
function rowLimit(
  { maxRows, cacheMegabytes }: OnnxSamplerOptions,
  config: ModelConfig,
  longestRow: number,
): number {
  const bytesPerRow = 2 * 2 * 4 * config.layers * config.keyValueHeads * config.headSize * longestRow;
  return Math.max(1, Math.min(maxRows, Math.floor((cacheMegabytes * 2 ** 20) / bytesPerRow)));
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
