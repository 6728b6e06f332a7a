import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStream } from '@doppio/core';
import { expectedTensors, parseModelConfig, saveModel } from '@doppio/models';
import { print, printJson, table } from '../print.js';
import { benchDecode } from './decode.js';
import { benchGrpo } from './grpo.js';
import { measurePeak } from './peak.js';

/** The shape whose targets are kept: TRL 1.16 on PyTorch takes 1.5 to 2 s a step here, 1.4 GB, 0.6 s of it sampling. */
const shape = {
  architectures: ['Qwen2ForCausalLM'],
  model_type: 'qwen2',
  hidden_act: 'silu',
  hidden_size: 192,
  intermediate_size: 512,
  num_hidden_layers: 4,
  num_attention_heads: 6,
  num_key_value_heads: 2,
  vocab_size: 320,
  max_position_embeddings: 512,
  rms_norm_eps: 1e-6,
  rope_theta: 10000,
  tie_word_embeddings: true,
};
const flags = { prompts: 16, group: 8, promptTokens: 16, completionTokens: 48, rank: 16, steps: 5, seed: 0 };

/** Writes a random model of the benchmark's shape. */
async function writeRandomModel(folder: string): Promise<void> {
  const config = parseModelConfig(shape, 'bench');
  const stream = createStream({ seed: 0, purpose: 'bench/weights' });
  const tensors = [...expectedTensors(config)].map(([name, dims]) => {
    const data = new Float32Array(dims.reduce((product, dim) => product * dim, 1));
    return [
      name,
      {
        shape: dims,
        data: name.endsWith('norm.weight') ? data.fill(1) : data.map(() => 0.02 * stream.normal()),
      },
    ] as const;
  });
  await saveModel(folder, shape, new Map(tensors));
}

/** Multiplications and additions of linear layers, counted as two. */
function floors(peakFlops: number): { readonly sample: number; readonly train: number } {
  const {
    hidden_size: h,
    intermediate_size: inner,
    num_hidden_layers: layers,
    vocab_size: vocabulary,
  } = shape;
  const keyValue = (h / shape.num_attention_heads) * shape.num_key_value_heads;
  const perToken = 2 * (layers * (2 * h * h + 2 * h * keyValue + 3 * h * inner) + h * vocabulary);
  const completions = flags.prompts * flags.group;
  const sampled = flags.prompts * (flags.promptTokens - 1) + completions * flags.completionTokens;
  const trained = flags.prompts * flags.promptTokens + completions * (flags.completionTokens - 1);
  // Forward, and backward to the activations: frozen weights need no gradient of their own.
  return { sample: (sampled * perToken) / peakFlops, train: (2 * trained * perToken) / peakFlops };
}

/** What this shape is to reach on two cores. Step and memory: half and a third of TRL's, see `shape`. */
const targets = { secondsPerStep: 0.75, peakMegabytes: 467, tokensPerSecond: 15_000, difference: 1e-4 };

/** Prints the tables of `npm run bench`. @param keptModel folder that the random model is left in; default none */
export async function benchAll(json: boolean, keptModel?: string): Promise<void> {
  const model = keptModel ?? (await mkdtemp(join(tmpdir(), 'doppio-bench-')));
  try {
    await writeRandomModel(model);
    process.stderr.write('measuring the peak of matrix products ...\n');
    const peak = await measurePeak();
    const floor = floors(peak);
    process.stderr.write('measuring GRPO steps ...\n');
    const grpo = await benchGrpo({ model, ...flags });
    process.stderr.write('measuring decoding ...\n');
    const decode = await benchDecode({
      model,
      batch: 128,
      promptTokens: flags.promptTokens,
      newTokens: flags.completionTokens,
      runs: 3,
    });
    process.stderr.write('measuring verification of answers ...\n');
    // Not before: the peak of memory above is of training alone.
    const { benchVerify } = await import('./verify.js');
    const { verifyTable } = await import('./verify-table.js');
    const verify = benchVerify({ mode: 'correct', rounds: 50 });
    if (json) {
      printJson({ peak_gflops: peak / 1e9, floor_seconds: floor, grpo, decode, verify });
      return;
    }
    const row = (phase: string, seconds: number, least: number): string[] => [
      phase,
      `${seconds.toFixed(3)} s`,
      `${least.toFixed(3)} s`,
      `${(seconds / least).toFixed(1)}x`,
    ];
    print(`peak of matrix products: ${(peak / 1e9).toFixed(0)} GFLOP/s (f32, 512 x 512 x 512 and larger)`);
    print(
      table([
        ['PHASE', 'MEASURED', 'FLOOR', 'OVER THE FLOOR'],
        row('sampling', grpo.sample_seconds, floor.sample),
        row('training', grpo.train_seconds, floor.train),
        row('step', grpo.seconds_per_step, floor.sample + floor.train),
      ]),
    );
    const verdict = (reached: boolean): string => (reached ? 'reached' : 'missed');
    const sampled = grpo.completion_tokens_per_step / grpo.sample_seconds;
    print();
    print(
      table([
        ['TARGET ON TWO CORES', 'MEASURED', 'WANTED', ''],
        [
          'seconds per step (half of TRL 1.16)',
          grpo.seconds_per_step.toFixed(2),
          `at most ${String(targets.secondsPerStep)}`,
          verdict(grpo.seconds_per_step <= targets.secondsPerStep),
        ],
        [
          'peak memory, MB (a third of TRL)',
          grpo.peak_rss_mb.toFixed(0),
          `at most ${String(targets.peakMegabytes)}`,
          verdict(grpo.peak_rss_mb <= targets.peakMegabytes),
        ],
        [
          'sampling, tokens/s, prompts included',
          sampled.toFixed(0),
          `at least ${String(targets.tokensPerSecond)}`,
          verdict(sampled >= targets.tokensPerSecond),
        ],
        [
          'sampler-policy difference of a log-probability',
          grpo.max_logprob_difference.toExponential(1),
          `below ${targets.difference.toExponential(0)}`,
          verdict(grpo.max_logprob_difference < targets.difference),
        ],
      ]),
    );
    print();
    print(
      `decoding alone: ${decode.tokens_per_second.toFixed(0)} tokens/s, with prompts ${decode.tokens_per_second_with_prompt.toFixed(0)}`,
    );
    print();
    print(verifyTable(verify));
    print(
      'Math-Verify on this machine: python tools/peers/math_verify.py, with the file of bench verify --write-pairs',
    );
    print('TRL on this machine: python tools/peers/trl_grpo.py --model DIR, with DIR from --keep-model');
  } finally {
    if (keptModel === undefined) await rm(model, { recursive: true, force: true });
  }
}
