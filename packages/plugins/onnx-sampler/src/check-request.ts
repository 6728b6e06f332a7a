import { DoppioError, type SampleRequest, type SamplingParameters } from '@doppio/core';
import type { ModelConfig } from '@doppio/models';

/** Below it, logits divided by the temperature overflow f32 and every probability becomes NaN. */
const SMALLEST_TEMPERATURE = 1e-6;

const fail = (what: string, seen: string, fix: string): DoppioError =>
  new DoppioError('SAMPLE_REQUEST', { what, where: 'sample request', seen, fix });

/** @throws DoppioError SAMPLE_REQUEST for what the model cannot sample, before anything is computed */
export function checkRequest({ prompts, parameters }: SampleRequest, config: ModelConfig): void {
  checkParameters(parameters);
  prompts.forEach(({ ids, samples }, i) => {
    if (!Number.isInteger(samples) || samples < 0)
      throw fail(
        'a prompt must be sampled a whole number of times',
        `prompt ${String(i)}: ${String(samples)} samples`,
        'say how many completions it gets',
      );
    if (ids.length === 0)
      throw fail(
        'a prompt has no tokens',
        `prompt ${String(i)}`,
        'begin with the begin-of-text token at least',
      );
    if (ids.length + parameters.maxTokens > config.maxPositions)
      throw fail(
        'a prompt and its completion are longer than the model can place',
        `prompt ${String(i)}: ${String(ids.length)} + ${String(parameters.maxTokens)} tokens`,
        ids.length < config.maxPositions
          ? `the model has ${String(config.maxPositions)} positions; lower maxTokens`
          : `the model has ${String(config.maxPositions)} positions: shorten the prompt`,
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

function checkParameters({
  temperature = 1,
  topK = 0,
  topP = 1,
  minP = 0,
  repetitionPenalty = 1,
  maxTokens,
  stopIds = [],
  stopStrings = [],
}: SamplingParameters): void {
  if (!Number.isInteger(maxTokens) || maxTokens < 1)
    throw fail('maxTokens must be a positive integer', String(maxTokens), 'say how long a completion may be');
  if (!(temperature >= 0) || !Number.isFinite(temperature))
    throw fail(
      'temperature must be 0 (greedy) or positive',
      String(temperature),
      'use 1 for the model itself',
    );
  if (temperature > 0 && temperature < SMALLEST_TEMPERATURE)
    throw fail(
      `temperature must be 0 (greedy) or at least ${String(SMALLEST_TEMPERATURE)}`,
      String(temperature),
      'use 0 for the likeliest token',
    );
  if (!Number.isSafeInteger(topK) || topK < 0)
    throw fail('topK must be a whole number of tokens', String(topK), 'use 0 to switch it off');
  if (!(topP > 0 && topP <= 1)) throw fail('topP must be in (0, 1]', String(topP), 'use 1 to switch it off');
  if (!(minP >= 0 && minP < 1)) throw fail('minP must be in [0, 1)', String(minP), 'use 0 to switch it off');
  if (!(repetitionPenalty > 0) || !Number.isFinite(repetitionPenalty))
    throw fail(
      'repetitionPenalty must be positive and finite',
      String(repetitionPenalty),
      'use 1 to switch it off',
    );
  const badStop = stopIds.find((id) => !Number.isSafeInteger(id) || id < 0);
  if (badStop !== undefined)
    throw fail('stopIds must be token ids', String(badStop), 'use an empty list for no stop token');
  if (stopStrings.includes(''))
    throw fail(
      'a stop string is empty: every text contains it',
      JSON.stringify(stopStrings),
      'leave it out, or use maxTokens to say how long a completion may be',
    );
}
