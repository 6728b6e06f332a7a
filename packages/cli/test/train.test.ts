import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LoraAdapterFactory } from '@doppio/lora-adapter';
import { linearSites, loadModelWeights } from '@doppio/models';
import { beforeAll, describe, expect, it } from 'vitest';
import { doppio, type Ended } from './support/run-doppio.js';
import { model, readEvents, readJson, sets, temporaryFolder, tinyRun } from './support/tiny-run.js';

const folder = temporaryFolder();
const run = join(folder, 'run');
const fraction = expect.toSatisfy(
  (value: unknown) => typeof value === 'number' && value >= 0 && value <= 1,
) as number;
const positive = expect.toSatisfy(
  (value: unknown) => typeof value === 'number' && value > 0 && value < 1e12,
) as number;
const ESCAPE = '\u001b';

let main: Ended;
beforeAll(async () => {
  // CI is set: that makes no terminal of a pipe.
  main = await doppio([...tinyRun(run), '--seed', '3']);
});

describe('the main job, in small', () => {
  it('ends well, in plain lines where there is no terminal', () => {
    expect(main).toMatchObject({ code: 0, stderr: '' });
    expect(main.stdout).not.toContain(ESCAPE);
    expect(main.stdout).not.toContain('\r');
  });

  it('prints a line for each step: reward in total and per function, length, entropy, speed, time left', () => {
    const lines = main.stdout.split('\n').filter((line) => line.startsWith('step '));
    expect(lines).toHaveLength(6);
    for (const [i, line] of lines.entries())
      expect(line).toMatch(
        new RegExp(
          `^step ${String(i + 1)}/6  reward \\d\\.\\d+ \\(arithmetic-answer \\d\\.\\d+, hash \\d\\.\\d+\\)  length \\d+\\.\\d  entropy [\\d.-]+  drift \\S+  \\S+ tok/s  \\d+ s left$`,
        ),
      );
  });

  it('prints before, after, the paired difference with interval and p-value, and three problems', () => {
    const range = String.raw`\[\d+\.\d %, \d+\.\d %\]`;
    const points = String.raw`[+-]\d+\.\d points`;
    expect(main.stdout).toMatch(
      /^arithmetic, 20 held-out problems, the same before and after; 95 % intervals$/m,
    );
    expect(main.stdout).toMatch(new RegExp(`^  before +\\d+\\.\\d % ${range}$`, 'm'));
    expect(main.stdout).toMatch(new RegExp(`^  after +\\d+\\.\\d % ${range}$`, 'm'));
    expect(main.stdout).toMatch(
      new RegExp(`^  difference +${points} \\[${points}, ${points}\\]  p (\\d\\.\\d{4}|< 0\\.0001)$`, 'm'),
    );
    expect(main.stdout.match(/^ {2}\S+=\? {2}answer \d+$/gm)).toHaveLength(3);
    expect(main.stdout.match(/^ {4}before (right|wrong) \S/gm)).toHaveLength(3);
    expect(main.stdout.match(/^ {4}after {2}(right|wrong) \S/gm)).toHaveLength(3);
  });

  it('leaves a complete run folder', () => {
    expect(readdirSync(run).sort()).toEqual([
      'adapter',
      'checkpoints',
      'config.json',
      'events.jsonl',
      'summary.json',
    ]);
    expect(readJson(run, 'config.json')).toMatchObject({
      seed: 3,
      model,
      out: run,
      training: { steps: 6, promptsPerStep: 2, groupSize: 4, sampling: { temperature: 1, maxTokens: 48 } },
      rewards: [{ use: 'arithmetic-answer', weight: 1 }, { use: 'hash' }],
    });
    const checkpoints = readdirSync(join(run, 'checkpoints')).sort();
    expect(checkpoints).toEqual(['step-000002', 'step-000004', 'step-000006']);
    for (const name of checkpoints) {
      expect(readdirSync(join(run, 'checkpoints', name)).sort()).toEqual([
        'manifest.json',
        'state.json',
        'tensors.safetensors',
      ]);
      expect(readJson(run, 'checkpoints', name, 'manifest.json')).toMatchObject({
        step: Number(name.slice(5)),
        files: { 'tensors.safetensors': { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string } },
      });
    }
  });

  it('writes every event as a JSON line, in order', () => {
    const events = readEvents(run);
    expect(events.map(({ type }) => type)).toEqual(
      [
        ['run-started', 'phase', 'evaluation', 'checkpoint', 'phase'],
        ...[1, 2, 3].map(() => ['step', 'step', 'checkpoint']),
        ['phase', 'evaluation', 'run-finished'],
      ].flat(),
    );
    const times = events.map(({ time }) => time as number);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const steps = events.filter(({ type }) => type === 'step').map(({ metrics }) => metrics);
    for (const [i, metrics] of steps.entries()) {
      expect(metrics).toMatchObject({
        step: i + 1,
        totalSteps: 6,
        reward: positive,
        rewards: { 'arithmetic-answer': fraction, hash: fraction },
        meanCompletionTokens: positive,
        completionTokens: positive,
        tokensPerSecond: positive,
        seconds: { sample: positive, train: positive, total: positive },
        truncatedFraction: fraction,
      });
      const { reward, rewards, entropy, samplerDrift } = metrics as {
        reward: number;
        rewards: Record<string, number>;
        entropy: number | null;
        samplerDrift: { max: number } | null;
      };
      expect(reward).toBeCloseTo(rewards['arithmetic-answer']! + rewards['hash']!, 5);
      if (entropy !== null) expect(entropy).toBeGreaterThan(0);
      if (samplerDrift !== null) expect(samplerDrift.max).toBeLessThan(1e-4);
    }
    expect(steps.some((metrics) => (metrics as { entropy: unknown }).entropy !== null)).toBe(true);
  });

  it('sums the run up in summary.json', () => {
    const evaluation = {
      benchmark: 'arithmetic',
      problems: 20,
      samples: 1,
      pass1: fraction,
      interval: [fraction, fraction],
      ungraded: 0,
    };
    const summary = readJson(run, 'summary.json') as Record<string, unknown>;
    expect(summary).toMatchObject({
      status: 'completed',
      seed: 3,
      steps: 6,
      base: { arithmetic: evaluation },
      final: { arithmetic: evaluation },
      comparisons: { arithmetic: { problems: 20, pValue: fraction } },
      completion_tokens: positive,
      seconds: {
        'base evaluation': positive,
        sampling: positive,
        training: positive,
        'final evaluation': positive,
        total: positive,
      },
      peak_rss_mb: positive,
      adapter: join(run, 'adapter'),
    });
    const { base, final, comparisons } = summary as Record<
      'base' | 'final' | 'comparisons',
      Record<string, { pass1: number; difference: number; interval: [number, number] }>
    >;
    const difference = final['arithmetic']!.pass1 - base['arithmetic']!.pass1;
    expect(comparisons['arithmetic']!.difference).toBeCloseTo(difference, 9);
    for (const { pass1, interval } of [base['arithmetic']!, final['arithmetic']!]) {
      expect(interval[0]).toBeLessThanOrEqual(pass1);
      expect(interval[1]).toBeGreaterThanOrEqual(pass1);
    }
    const tokens = readEvents(run)
      .filter(({ type }) => type === 'step')
      .map(({ metrics }) => (metrics as { completionTokens: number }).completionTokens);
    expect(summary['completion_tokens']).toBe(tokens.reduce((sum, count) => sum + count, 0));
  });

  it('saves the adapter in the form of PEFT', async () => {
    expect(readJson(run, 'adapter', 'adapter_config.json')).toMatchObject({
      peft_type: 'LORA',
      task_type: 'CAUSAL_LM',
      r: 16,
      lora_alpha: 32,
      bias: 'none',
      target_modules: expect.arrayContaining(['q_proj', 'v_proj', 'down_proj']) as string[],
    });
    const file = readFileSync(join(run, 'adapter', 'adapter_model.safetensors'));
    const header = JSON.parse(file.toString('utf8', 8, 8 + Number(file.readBigUInt64LE(0)))) as object;
    const first = 'base_model.model.model.layers.0.self_attn.q_proj';
    expect(Object.keys(header)).toEqual(
      expect.arrayContaining([`${first}.lora_A.weight`, `${first}.lora_B.weight`]),
    );
    const weights = await loadModelWeights(model);
    const adapter = await new LoraAdapterFactory().load(
      { sites: linearSites(weights.config), weights: weights.tensors },
      join(run, 'adapter'),
    );
    // B starts at zero: what is not zero was learned.
    const learned = adapter.parameters.filter(({ name }) => name.includes('lora_B'));
    expect(learned.length).toBeGreaterThan(0);
    expect(learned.some(({ data }) => data.some((value) => value !== 0))).toBe(true);
  });

  it('can be measured again with its adapter: the same numbers', async () => {
    const again = await doppio([
      ...['eval', '--preset', 'nano', '--seed', '3', '--adapter', join(run, 'adapter'), '--json'],
      ...sets('benchmarks.0.options.problems=20'),
    ]);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    const { final } = readJson(run, 'summary.json') as { final: Record<string, Record<string, unknown>> };
    expect(JSON.parse(again.stdout)).toEqual([{ ...final['arithmetic'], seconds: positive }]);
  });
});
