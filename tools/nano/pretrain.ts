/**
 * Pretrains the bundled model from scratch on generated worked solutions, with this project's own engine:
 *
 *   npm run nano:pretrain -- [--seed 1] [--stop-after 500] [--evaluate-every 25] [--out packages/plugins/nano-preset/model]
 *
 * It is stopped early on purpose: the model shall be honestly weak, for reinforcement learning to have something to
 * teach. docs/nano.md has the loss curve and how the stop was chosen.
 */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  arithmeticBenchmarkOptions,
  createArithmeticBenchmark,
  pretrainingExamples,
  specialTokensMapJson,
  STOP_TOKEN,
  tokenizerConfigJson,
  tokenizerJson,
  tokenIdOf,
  PAD_TOKEN,
} from '@doppio/arithmetic-suite';
import { evaluate, type Adapter, type TokenGroup, type Tokenizer } from '@doppio/core';
import { GrpoOptimizer } from '@doppio/grpo-optimizer';
import { FullAdapterFactory } from '@doppio/lora-adapter';
import { linearSites, loadTokenizer, parseModelConfig, saveModel, type ModelWeights } from '@doppio/models';
import { Engine, OnnxPolicy } from '@doppio/onnx-policy';
import { OnnxSampler, SamplerSessions } from '@doppio/onnx-sampler';
import { createRuntimeHost } from '@doppio/runtime';
import { initialWeights, nanoConfig } from './initial-weights.js';

const { values: flags } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    'stop-after': { type: 'string', default: '500' },
    'evaluate-every': { type: 'string', default: '25' },
    out: { type: 'string', default: 'packages/plugins/nano-preset/model' },
  },
});
const seed = Number(flags.seed);
const steps = Number(flags['stop-after']);
const evaluateEvery = Number(flags['evaluate-every']);
const batchSize = 64;

const stopId = tokenIdOf(STOP_TOKEN) as number;
const padId = tokenIdOf(PAD_TOKEN) as number;
const configJson = { ...nanoConfig, eos_token_id: stopId, pad_token_id: padId };
const files = {
  'tokenizer.json': `${JSON.stringify(tokenizerJson(), null, 2)}\n`,
  'tokenizer_config.json': `${JSON.stringify(tokenizerConfigJson(), null, 2)}\n`,
  'special_tokens_map.json': `${JSON.stringify(specialTokensMapJson(), null, 2)}\n`,
  'generation_config.json': `${JSON.stringify({ eos_token_id: stopId, pad_token_id: padId }, null, 2)}\n`,
};

const config = parseModelConfig(configJson, 'tools/nano');
const weights: ModelWeights = { config, tensors: initialWeights(config, seed) };
mkdirSync(flags.out, { recursive: true });
await saveModel(flags.out, configJson, weights.tensors, { files });
const tokenizer = await loadTokenizer(flags.out);
const adapter = new FullAdapterFactory().create(
  { sites: linearSites(config), weights: weights.tensors },
  seed,
);
const optimizer = new GrpoOptimizer({
  learningRate: 2e-3,
  betas: [0.9, 0.98],
  weightDecay: 0.01,
  maxGradNorm: 1,
  schedule: { name: 'constant_with_warmup', warmupSteps: 100 },
});
await using policy = new OnnxPolicy(
  [Engine.create(await createRuntimeHost({ name: 'pretraining' }), config, weights, adapter)],
  tokenizer,
  { microBatchTokens: 1400, headChunkRows: 4096, keepActivationsMegabytes: 1024 },
);

const curve = join(flags.out, 'pretraining.csv');
writeFileSync(curve, 'step,examples,loss,gradient_norm,pass@1 on the selection split\n');
const started = performance.now();
for (let step = 0; step < steps; step += 1) {
  const groups = examples(tokenizer, step);
  const tokens = groups.reduce((sum, group) => sum + (group.completions[0] as Int32Array).length, 0);
  const gradients = adapter.parameters.map(({ data }) => new Float32Array(data.length));
  // Mean negative log-likelihood of the completion tokens: its derivative is the same for each of them.
  const { scores } = await policy.accumulate(
    groups,
    { dLogProbs: new Float32Array(tokens).fill(-1 / tokens) },
    gradients,
  );
  const loss = -scores.logProbs.data.reduce((sum, value) => sum + value, 0) / tokens;
  const { gradNorm } = optimizer.update(adapter.parameters, gradients, step, steps);
  const done = step + 1;
  const pass =
    evaluateEvery > 0 && done % evaluateEvery === 0 ? await selectionPass(adapter, tokenizer) : undefined;
  if (done % 25 === 0 || step === 0) {
    appendFileSync(
      curve,
      `${String(done)},${String(done * batchSize)},${loss.toFixed(5)},${gradNorm.toFixed(4)},${pass === undefined ? '' : pass.toFixed(4)}\n`,
    );
    process.stdout.write(
      `step ${String(done)}/${String(steps)}  loss ${loss.toFixed(4)}${pass === undefined ? '' : `  pass@1 ${pass.toFixed(3)}`}  ${((performance.now() - started) / 1000).toFixed(0)} s\n`,
    );
  }
}
await saveModel(
  flags.out,
  configJson,
  new Map(adapter.parameters.map(({ name, shape, data }) => [name, { shape, data }])),
  { files },
);
process.stdout.write(`saved ${flags.out}\n`);

/** The batch of a step: each example's prompt, and its worked solution with the stop token. */
function examples(text: Tokenizer, step: number): TokenGroup[] {
  return pretrainingExamples(seed, step * batchSize, batchSize).map(({ question, completionText }) => ({
    promptIds: text.applyChatTemplate([{ role: 'user', content: question }]),
    completions: [text.encode(completionText + STOP_TOKEN)],
  }));
}

/** pass@1 on 500 problems of the selection split, which neither evaluation nor RL uses. */
async function selectionPass(full: Adapter, text: Tokenizer): Promise<number> {
  const host = await createRuntimeHost({ name: 'selection' });
  await using sampler = new OnnxSampler([new SamplerSessions(host, config, weights)], text, {
    chunkTokens: 32,
    maxRows: 256,
    cacheMegabytes: 512,
  });
  await sampler.setAdapter(full);
  const benchmark = createArithmeticBenchmark(
    arithmeticBenchmarkOptions.parse({ problems: 500, split: 'selection' }),
  );
  const { summary } = await evaluate(benchmark, sampler, { seed: 0, signal: new AbortController().signal });
  return summary.pass1;
}
