import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { RULES, verify } from '../src/verify.js';

/** Where the two modes say something else of the same pair. The verdicts of `compat` are Math-Verify 0.8.0's. */
interface Difference {
  readonly what: string;
  readonly gold: string;
  readonly prediction: string;
  readonly compat: boolean;
  readonly correct: boolean;
  readonly why: string;
}
const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const differences = JSON.parse(readFileSync(path('differences.json'), 'utf8')) as readonly Difference[];
const page = path('../../../../docs/verifying-answers.md');

describe('where the modes differ', () => {
  it.each(differences)('$what', ({ gold, prediction, compat, correct }) => {
    const isEqual = (mode: 'compat' | 'correct'): boolean =>
      verify(gold, prediction, { mode }).verdict === 'equal';
    expect({ compat: isEqual('compat'), correct: isEqual('correct') }).toEqual({ compat, correct });
  });
});

describe('the rules', () => {
  // Which rule a verdict names is another matter: one that unwraps its sides leaves the parts to the others.
  it.each(RULES.map(({ id, example }) => [id, ...example] as const))(
    '%s: the verdict on its example',
    (_, gold, prediction, equal) => {
      expect(verify(gold, prediction)).toMatchObject({ verdict: word(equal) });
    },
  );
});

it('docs/verifying-answers.md has both tables; `npx vitest run packages/plugins/math-verify-reward/test/differences -u` writes them', async () => {
  const rules = [
    ['rule', 'what it says', 'gold', 'prediction', 'verdict'],
    ...RULES.map(({ id, says, example: [gold, prediction, equal] }) => [
      ...[`\`${id}\``, says, `\`${gold}\``, `\`${prediction}\``, word(equal)],
    ]),
  ];
  const rows = [
    ['what', 'gold', 'prediction', '`compat`', '`correct`', 'why'],
    ...differences.map(({ what, gold, prediction, compat, correct, why }) => [
      ...[what, `\`${gold}\``, `\`${prediction}\``, word(compat), word(correct), why],
    ]),
  ];
  const text = withTable(withTable(readFileSync(page, 'utf8'), 'rules', rules), 'differences', rows);
  await expect(text).toMatchFileSnapshot(page);
});

function word(equal: boolean): 'equal' | 'different' {
  return equal ? 'equal' : 'different';
}

/** The text with the table in its place, between `<!-- name -->` and `<!-- /name -->`. */
function withTable(text: string, name: string, rows: readonly (readonly string[])[]): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [before = '', rest = ''] = text.split(start);
  return `${before}${start}\n\n${table(rows)}\n\n${end}${rest.split(end)[1] ?? ''}`;
}

/** A Markdown table as Prettier formats it. */
function table(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = (cells[0] ?? []).map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[], fill: string): string =>
    `| ${widths.map((width, i) => (row[i] ?? '').padEnd(width, fill)).join(' | ')} |`;
  const [head = [], ...body] = cells;
  return [line(head, ' '), line([], '-'), ...body.map((row) => line(row, ' '))].join('\n');
}
