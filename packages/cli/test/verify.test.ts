import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { doppio, startDoppio } from './support/run-doppio.js';
import { readEvents, temporaryFolder, tinyRun } from './support/tiny-run.js';

const folder = temporaryFolder();
function write(name: string, ...records: readonly unknown[]): string {
  const file = join(folder, name);
  writeFileSync(
    file,
    records.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)) + '\n').join(''),
  );
  return file;
}
const jsonLines = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe.concurrent('doppio verify', () => {
  it('explains one pair to a person', async () => {
    const pred = 'We add them up. So the answer is $\\boxed{0.5}$.';
    const { code, stdout, stderr } = await doppio(['verify', '--gold', '\\frac{1}{2}', '--pred', pred]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^The answers are equal\.$/m);
    expect(stdout).toContain('«\\frac{1}{2}»');
    expect(stdout).toContain('$\\boxed{«0.5»}$');
    expect(stdout).toMatch(/^decided by the rule "[a-z-]+"$/m);
  });

  it('prints what docs/verifying-answers.md shows', async () => {
    const page = readFileSync(new URL('../../../docs/verifying-answers.md', import.meta.url), 'utf8');
    const [, gold = '', pred = '', shown] =
      /--gold '(.*)' --pred '(.*)'\n```\n\n```\n([^]*?)```\n/.exec(page) ?? [];
    expect((await doppio(['verify', '--gold', gold, '--pred', pred])).stdout).toBe(shown);
  });

  it('gives one pair as JSON', async () => {
    const { code, stdout } = await doppio(['verify', '--gold', '12', '--pred', 'It is 13.', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      equal: false,
      verdict: 'different',
      rule: expect.any(String) as string,
      gold: '12',
      pred: '13',
      reason: expect.any(String) as string,
    });
  });

  it('verifies every pair of a file, by the mode and by the settings of a line', async () => {
    const file = write(
      'pairs.jsonl',
      { id: 'units', gold: '$12 \\text{ m}$', pred: '$12 \\text{ km}$' },
      { gold: 27.0, pred: 'The answer is $27$.' },
      { id: 3, gold: 'A', pred: 'Answer: A', config: { match_types: ['string'] } },
    );
    const [correct, compat] = await Promise.all([
      doppio(['verify', '--file', file, '--json']),
      doppio(['verify', '--file', file, '--mode', 'compat', '--json']),
    ]);
    expect([correct, compat]).toMatchObject([
      { code: 0, stderr: '' },
      { code: 0, stderr: '' },
    ]);
    const verdicts = (text: string): unknown[] => jsonLines(text).map(({ id, equal }) => [id, equal]);
    expect(verdicts(correct.stdout)).toEqual([
      ['units', false],
      [undefined, true],
      [3, true],
    ]);
    expect(verdicts(compat.stdout)).toEqual([
      ['units', true],
      [undefined, true],
      [3, true],
    ]);
  });

  it('names lines that cannot be used, and verifies the others', async () => {
    const file = write(
      'bad.jsonl',
      { id: 1, gold: '1', pred: '1' },
      '{"gold": ',
      { gold: '1' },
      { id: 4, gold: '1', pred: '2' },
    );
    const { code, stdout, stderr } = await doppio(['verify', '--file', file, '--json']);
    expect(code).toBe(2);
    expect(jsonLines(stdout).map(({ id, equal }) => [id, equal])).toEqual([
      [1, true],
      [4, false],
    ]);
    expect(stderr).toContain(`where: ${file}:2`);
    expect(stderr).toMatch(/there is no "pred"\n {2}where: .*:3/);
    expect(stderr).toMatch(/^2 of 4 lines could not be used$/m);
  });

  it('gives up on a file of another kind, and names the fields that are there', async () => {
    const file = write(
      'solutions.jsonl',
      ...Array.from({ length: 30 }, (_, i) => ({ problem: 'p', solution: String(i) })),
    );
    const { code, stdout, stderr } = await doppio(['verify', '--golds', file]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('the keys problem, solution');
    expect(stderr).toContain('none of the first 20 lines can be used');
    expect((await doppio(['verify', '--golds', file, '--field', 'solution'])).code).toBe(0);
  });

  it('tells the agreement with what a file expects; its exit code only where asked to', async () => {
    const file = write(
      'expected.json',
      JSON.stringify([
        { id: 'a', gold: '1', pred: '1', expected: true },
        { id: 'b', gold: '1', pred: '2', expected: true },
      ]),
    );
    const args = ['verify', '--file', file];
    const [plain, asked] = await Promise.all([
      doppio(args),
      doppio([...args, '--min-agreement', '51', '--json']),
    ]);
    expect([plain.code, asked.code]).toEqual([0, 1]);
    for (const { stderr } of [plain, asked])
      expect(stderr).toBe('1 of 2 as expected (50.0 %)\n  b: different, expected equal\n');
    expect(plain.stdout).toMatch(
      /^a +equal .*\nb +different .*NOT AS EXPECTED\n2 pairs: 1 equal, 1 different$/m,
    );
  });

  it('writes a result as soon as it is there', async () => {
    const running = startDoppio(['verify', '--file', '-', '--json'], { open: true });
    running.process.stdin?.write('{"id":"first","gold":"1","pred":"1"}\n');
    await running.wrote(/"id":"first"/);
    running.process.stdin?.end('{"id":"last","gold":"1","pred":"2"}\n');
    expect(jsonLines((await running.ended).stdout).map(({ id }) => id)).toEqual(['first', 'last']);
  });

  it('lists the golds that cannot be read, with their rows', async () => {
    const file = write(
      'golds.jsonl',
      { answer: '\\frac{1}{2}' },
      { answer: 27.5 },
      { answer: 'Add them.\n#### 1,024' },
      { answer: '' },
    );
    const args = ['verify', '--golds', file];
    const [strict, lax, none] = await Promise.all([
      doppio(args),
      doppio([...args, '--max-unreadable', '25', '--json']),
      doppio([...args, '--field', 'solution']),
    ]);
    expect(strict).toMatchObject({ code: 1, stderr: '' });
    expect(strict.stdout).toMatch(
      /^row 4: \(empty\) .*\n1 of 4 golds cannot be read \(25\.00 %, at most 0\.5 % allowed\)\n$/,
    );
    expect(lax).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(lax.stdout)).toMatchObject({
      golds: 4,
      unreadable: 1,
      percent: 25,
      rows: [{ row: 4, gold: '' }],
    });
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('there is no "solution"');
  });

  it.each<[string, readonly string[], RegExp]>([
    ['nothing', [], /seen: {2}none/],
    ['one side', ['--gold', '1'], /seen: {2}--gold/],
    ['two tasks', ['--file', 'x', '--golds', 'y'], /--file, --golds/],
    ['a flag of another task', ['--file', 'x', '--field', 'y'], /--field without --golds/],
    ['a mode that there is not', ['--file', 'x', '--mode', 'strict'], /correct, compat/],
    ['a share that is none', ['--golds', 'x', '--max-unreadable', '101'], /from 0 to 100/],
    ['a file that is not there', ['--file', join(folder, 'none.jsonl')], /\[CLI_FILE\][^]*ENOENT/],
  ])('refuses %s', async (_, args, message) => {
    const { code, stderr } = await doppio(['verify', ...args]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

it('trains on the reward accuracy, and counts what has no verdict in every step', async () => {
  const run = join(folder, 'run');
  const parts = [
    'training.steps=2',
    'rewards=["accuracy"]',
    'verifier="math-verify"',
    'evaluation.before=false',
  ];
  expect(await doppio(tinyRun(run, ...parts))).toMatchObject({ code: 0, stderr: '' });
  const steps = readEvents(run).filter(({ type }) => type === 'step') as {
    metrics: { rewards: Record<string, number>; extra: Record<string, number> };
  }[];
  expect(steps).toHaveLength(2);
  for (const { metrics } of steps) {
    expect(metrics.rewards['accuracy']).toBeGreaterThanOrEqual(0);
    expect(metrics.extra).toMatchObject({
      'reward/accuracy/gold_unreadable': 0,
      'reward/accuracy/undecided': 0,
      'reward/accuracy/prediction_unreadable': expect.any(Number) as number,
    });
  }
});
