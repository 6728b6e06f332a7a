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
import { decodeRequest } from './decoder.js';
import type { SamplingShape } from './graph/choose.js';
import { SamplerSessions, type LoadedAdapter } from './sessions.js';

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
  private adapter: LoadedAdapter;

  constructor(
    private readonly sessions: SamplerSessions,
    readonly tokenizer: Tokenizer,
    private readonly options: OnnxSamplerOptions,
  ) {
    this.adapter = sessions.load(undefined);
  }

  /** Tokens that a prompt and its completion may have together. */
  get maxPositions(): number {
    return this.sessions.config.maxPositions;
  }

  readonly setAdapter = async (adapter: Adapter | undefined): Promise<void> => {
    const old = this.adapter;
    this.adapter = this.sessions.load(adapter);
    old[Symbol.dispose]();
    await Promise.resolve();
  };

  readonly sample = async (request: SampleRequest): Promise<SampleResult> => {
    const { sessions, adapter } = this;
    const { parameters } = request;
    checkRequest(request, sessions.config);
    const shape = samplingShape(parameters);
    const stopIds = parameters.stopIds ?? this.tokenizer.stopIds;
    const longestRow = Math.max(0, ...request.prompts.map(({ ids }) => ids.length)) + parameters.maxTokens;
    const [decode, prefill, select, join] = await Promise.all([
      sessions.decode(adapter, shape),
      sessions.prefill(adapter),
      sessions.select(),
      sessions.join(),
    ]);
    return decodeRequest({
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

function checkRequest({ prompts, parameters }: SampleRequest, config: ModelConfig): void {
  const fail = (what: string, seen: string, fix: string): DoppioError =>
    new DoppioError('SAMPLE_REQUEST', { what, where: 'sample request', seen, fix });
  const { temperature = 1, topP = 1, minP = 0, repetitionPenalty = 1, maxTokens } = parameters;
  if (!Number.isInteger(maxTokens) || maxTokens < 1)
    throw fail('maxTokens must be a positive integer', String(maxTokens), 'say how long a completion may be');
  if (!(temperature >= 0) || !Number.isFinite(temperature))
    throw fail(
      'temperature must be 0 (greedy) or positive',
      String(temperature),
      'use 1 for the model itself',
    );
  if (!(topP > 0 && topP <= 1)) throw fail('topP must be in (0, 1]', String(topP), 'use 1 to switch it off');
  if (!(minP >= 0 && minP < 1)) throw fail('minP must be in [0, 1)', String(minP), 'use 0 to switch it off');
  if (!(repetitionPenalty > 0))
    throw fail('repetitionPenalty must be positive', String(repetitionPenalty), 'use 1 to switch it off');
  prompts.forEach(({ ids }, i) => {
    if (ids.length === 0)
      throw fail(
        'a prompt has no tokens',
        `prompt ${String(i)}`,
        'begin with the begin-of-text token at least',
      );
    if (ids.length + maxTokens > config.maxPositions)
      throw fail(
        'a prompt and its completion are longer than the model can place',
        `prompt ${String(i)}: ${String(ids.length)} + ${String(maxTokens)} tokens`,
        `the model has ${String(config.maxPositions)} positions; lower maxTokens`,
      );
    const bad = ids.find((id) => id < 0 || id >= config.vocabularySize);
    if (bad !== undefined)
      throw fail(
        'a prompt has a token that the model does not know',
        `prompt ${String(i)}: id ${String(bad)}`,
        `ids go from 0 to ${String(config.vocabularySize - 1)}; is it the right tokenizer?`,
      );
  });
}
