import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../src/program.js';
import { doppio } from './support/run-doppio.js';
import { model, sets, temporaryFolder, testParts } from './support/tiny-run.js';

const folder = temporaryFolder();

/** Runs a command that must succeed without a word on standard error, and gives what it printed. */
async function output(args: readonly string[], input?: string): Promise<string> {
  const ended = await doppio(args, input === undefined ? {} : { input });
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  return ended.stdout;
}
const json = async (args: readonly string[]): Promise<unknown> =>
  JSON.parse(await output([...args, '--json']));

const withChildren = (command: Command): Command[] => [command, ...command.commands.flatMap(withChildren)];
const nameOf = (command: Command): string =>
  command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;

describe('--help', () => {
  const commands = withChildren(createProgram());

  it('is there for every command that was promised', () => {
    const names = commands.map(nameOf);
    for (const name of [
      'train',
      'eval',
      'sample',
      'plugins',
      'config',
      'doctor',
      'bench',
      'verify',
      'parity',
    ])
      expect(names).toContain(`doppio ${name}`);
  });

  it.each(commands.map((command) => [nameOf(command), command] as const))(
    '%s has an example',
    (name, command) => {
      let text = '';
      command.configureOutput({ writeOut: (piece) => (text += piece) }).outputHelp();
      const example = text.split(/^Examples?:$/m)[1] ?? '';
      expect(example.trim()).toMatch(new RegExp(`^${name === 'doppio' ? 'doppio train' : name} ?`));
    },
  );

  it('comes with the documented exit codes and goes to standard output', async () => {
    const text = await output(['--help']);
    expect(text).toMatch(/^Exit codes: 0 done, 1 failed [^]* 2 wrong usage [^]*^130 stopped/m);
    expect(await doppio([])).toMatchObject({ code: 2, stdout: '' });
    expect((await output(['--version'])).trim()).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

describe.concurrent('--json', () => {
  it('plugins: every part with the schema of its options, those of a named plugin too', async () => {
    const parts = (await json(['plugins', '--plugin', testParts])) as Record<string, unknown>[];
    const contracts = new Set(parts.map(({ contract }) => contract));
    for (const contract of [
      'Policy',
      'Adapter',
      'Sampler',
      'Reward',
      'Optimizer',
      'Benchmark',
      'Dataset',
      'Tracker',
    ])
      expect(contracts).toContain(contract);
    expect(parts.find(({ id }) => id === 'failing')).toMatchObject({
      contract: 'Reward',
      plugin: 'doppio-cli-test-parts',
      options: { type: 'object', required: ['how'] },
    });
    for (const part of parts) expect(part).toMatchObject({ options: { type: 'object' } });
  });

  it('doctor: what runs where, and why', async () => {
    const facts = (await json(['doctor'])) as Record<string, unknown>;
    expect(facts).toMatchObject({
      node: process.versions.node,
      platform: process.platform,
      arch: process.arch,
      threads: expect.any(Number) as number,
      memoryBytes: expect.any(Number) as number,
      notes: expect.any(Array) as unknown[],
    });
    const providers = facts['providers'] as { name: string; available: boolean; reason: string }[];
    expect(providers).toContainEqual(expect.objectContaining({ name: 'cpu', available: true }));
    for (const { reason } of providers) expect(reason.length).toBeGreaterThan(10);
  });

  it('config print: the resolved configuration, and where each value came from', async () => {
    const file = join(folder, 'half.json');
    writeFileSync(file, JSON.stringify({ training: { groupSize: 6 }, out: 'here' }));
    const flags = ['--preset', 'nano', '--config', file, '--seed', '5', ...sets('training.steps=7')];
    const { config, entries } = (await json(['config', 'print', ...flags])) as {
      config: unknown;
      entries: { key: string; value: unknown; source: string }[];
    };
    expect(config).toMatchObject({
      seed: 5,
      out: join(folder, 'here'),
      training: { steps: 7, groupSize: 6, promptsPerStep: 16, keepCheckpoints: 3 },
    });
    const source = (key: string): string | undefined => entries.find((entry) => entry.key === key)?.source;
    expect(source('seed')).toBe('--seed');
    expect(source('training.steps')).toBe('--set');
    expect(source('training.groupSize')).toBe(`file:${file} training.groupSize`);
    expect(source('training.promptsPerStep')).toBe('preset nano');
    expect(source('training.keepCheckpoints')).toBe('default');
  });

  it('eval: the same numbers for the same seed', async () => {
    const args = ['eval', '--preset', 'nano', ...sets('benchmarks.0.options={"problems":15,"samples":2}')];
    const [first, again] = await Promise.all([
      json([...args, '--seed', '1']),
      json([...args, '--seed', '1', ...sets('sampler.options.maxRows=7')]),
    ]);
    expect(first).toEqual([
      expect.objectContaining({ benchmark: 'arithmetic', problems: 15, samples: 2, ungraded: 0 }),
    ]);
    const withoutSeconds = (results: unknown): unknown =>
      (results as object[]).map((result) => ({ ...result, seconds: 0 }));
    expect(withoutSeconds(again)).toEqual(withoutSeconds(first));
  });

  it('sample: one object for a prompt, the same for the same seed', async () => {
    const args = ['sample', '--model', model, '--prompt', '12+34=?', '--seed', '8', '--max-tokens', '12'];
    const [first, again, text] = await Promise.all([json(args), json(args), output(args)]);
    expect(first).toEqual({
      prompt: '12+34=?',
      completion: expect.any(String) as string,
      tokens: expect.toSatisfy((tokens: number) => tokens >= 1 && tokens <= 12) as number,
      finishReason: expect.stringMatching(/^(stop|length)$/) as string,
    });
    expect(again).toEqual(first);
    expect(text.trim()).toBe((first as { completion: string }).completion.trim());
  });

  it('bench grpo: seconds, tokens and memory of a step', async () => {
    const shape = ['--prompts', '2', '--group', '3', '--prompt-tokens', '5', '--completion-tokens', '7'];
    const result = (await json([
      'bench',
      'grpo',
      '--model',
      model,
      ...shape,
      '--rank',
      '4',
      '--steps',
      '2',
    ])) as Record<string, number>;
    for (const key of ['seconds_per_step', 'sample_seconds', 'train_seconds', 'peak_rss_mb'])
      expect(result[key], key).toSatisfy((value: number) => Number.isFinite(value) && value > 0);
    // No token ends a completion.
    expect(result['completion_tokens_per_step']).toBe(2 * 3 * 7);
    expect(result['sample_seconds']! + result['train_seconds']!).toBeCloseTo(result['seconds_per_step']!, 9);
    expect(result['max_logprob_difference']).toBeLessThan(1e-4);
  });

  it('bench decode: tokens per second with and without the time of prompts', async () => {
    const shape = ['--batch', '3', '--prompt-tokens', '5', '--new-tokens', '9', '--runs', '1'];
    const result = (await json(['bench', 'decode', '--model', model, ...shape])) as Record<string, number>;
    expect(result).toMatchObject({ batch: 3, prompt_tokens: 5, new_tokens: 9 });
    expect(result['tokens_per_second_with_prompt']).toBeGreaterThan(0);
    expect(result['tokens_per_second']).toBeGreaterThan(result['tokens_per_second_with_prompt']!);
    expect(result['tokens_per_second']).toBeLessThan(1e9);
  });

  it('bench verify: time of a pair and of long completions', async () => {
    const result = (await json(['bench', 'verify', '--rounds', '2'])) as Record<string, number>;
    expect(result).toMatchObject({ mode: 'correct', pairs: 104, long_completion_characters: 4000 });
    for (const key of ['median_ms', 'long_completions_per_second'])
      expect(result[key], key).toBeGreaterThan(0);
    expect(result['p99_ms']).toBeGreaterThanOrEqual(result['median_ms']!);
  });

  it('parity: a verdict for every file; exit code 1 where one does not hold', async () => {
    const place = join(folder, 'golden');
    mkdirSync(place);
    writeFileSync(join(place, 'recipes.json'), '{"about":"soup","cases":[{"salt":1}]}');
    const { code, stdout } = await doppio(['parity', place, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual([expect.objectContaining({ file: 'recipes.json', passed: false })]);
  });
});

describe.concurrent('without --json', () => {
  it('sample leaves the oldest messages out where the model has no room for them, and says so once', async () => {
    const { code, stdout, stderr } = await doppio(
      ['sample', '--model', model, '--temperature', '0', '--max-tokens', '40'],
      { input: '12+34=?\n'.repeat(6) },
    );
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(6);
    expect(stderr).toMatch(/^\(the model has 128 positions: .*\)\n$/);
  });

  it('sample takes the folder of an adapter that has every weight', async () => {
    const folderOfAll = join(folder, 'all-weights');
    mkdirSync(folderOfAll);
    copyFileSync(join(model, 'model.safetensors'), join(folderOfAll, 'model.safetensors'));
    const args = ['sample', '--model', model, '--prompt', '12+34=?', '--temperature', '0'];
    const [plain, full] = await Promise.all([output(args), output([...args, '--adapter', folderOfAll])]);
    expect(full).toBe(plain);
  });

  it('sample answers every line of standard input as a turn of a conversation', async () => {
    const text = await output(
      ['sample', '--model', model, '--temperature', '0', '--max-tokens', '8'],
      '12+34=?\n\n5*6=?\n',
    );
    expect(text.trimEnd().split('\n')).toHaveLength(2);
  });

  it('plugins, doctor and config print are plain text', async () => {
    const [plugins, doctor, config] = await Promise.all([
      output(['plugins']),
      output(['doctor']),
      output(['config', 'print', '--preset', 'nano']),
    ]);
    expect(plugins).toMatch(/^Reward +arithmetic-answer +@doppio\/arithmetic-suite +\S/m);
    expect(doctor).toMatch(/^cpu +available: \S/m);
    expect(config).toMatch(/training\.steps.*preset nano/);
    for (const text of [plugins, doctor, config]) expect(text).not.toContain('\u001b');
  });
});
