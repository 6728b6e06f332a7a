import {
  RULES,
  type AnswerSource,
  type ReadAnswer,
  type Verification,
} from '@doppio/math-verify-reward/verify';
import { asRead } from './pair-result.js';

/** What each verdict means, in one sentence. */
const SENTENCES: Readonly<Record<Verification['verdict'], string>> = {
  equal: 'The answers are equal.',
  different: 'The answers are different.',
  'prediction-unreadable': 'No answer could be read from the prediction; it counts as wrong.',
  'gold-unreadable': 'The gold answer could not be read; nothing can be said about the prediction.',
  undecided: 'Neither equality nor difference could be shown.',
};

const SOURCES: Readonly<Record<AnswerSource, string>> = {
  box: 'the content of the last box, or of the last boxes where they belong together',
  marker: 'what stands after #### or between answer tags',
  announcement: 'what follows the words that announce the answer',
  formula: 'the last formula',
  plain: 'the last number or plain expression',
  whole: 'the whole text',
  match: 'what a pattern of Math-Verify matches',
};

/** A verdict for a person: what was taken from each side, how it was read, what decided. */
export function explain(result: Verification, gold: string, prediction: string): string {
  const readGold = 'gold' in result ? result.gold : undefined;
  const readPrediction = 'prediction' in result ? result.prediction : undefined;
  return [
    SENTENCES[result.verdict],
    '',
    ...side('gold', gold, readGold),
    ...side('prediction', prediction, readPrediction),
    ...('rule' in result ? decision(result.rule, result.detail) : ['why', `  ${result.reason}`]),
  ].join('\n');
}

function decision(id: string, detail: string): readonly string[] {
  const says = RULES.find((rule) => rule.id === id)?.says;
  return [
    `decided by the rule "${id}"`,
    ...(says === undefined ? [] : [`  rule    ${says}`]),
    `  here    ${detail}`,
  ];
}

function side(name: string, text: string, read: ReadAnswer | undefined): readonly string[] {
  if (read === undefined) return [name, `  text    ${excerpt(text, 0, 0)}`, '  read    not read', ''];
  const { start, end } = read.span;
  return [
    name,
    `  text    ${excerpt(text, start, end)}`,
    `  taken   ${SOURCES[read.source]}${read.text === text.slice(start, end) ? '' : `: ${oneLine(read.text)}`}`,
    `  read    ${asRead(read)}`,
    '',
  ];
}

/** Text around a place that is shown, and of the place itself where it is long. */
const AROUND = 40;
const MOST = 160;

/** The text around a place, which stands between « and ». */
function excerpt(text: string, start: number, end: number): string {
  if (end <= start) return oneLine(text.length > MOST ? `${text.slice(0, MOST)} ...` : text) || '(empty)';
  const before = start > AROUND ? `... ${text.slice(start - AROUND, start)}` : text.slice(0, start);
  const after = text.length - end > AROUND ? `${text.slice(end, end + AROUND)} ...` : text.slice(end);
  const place = text.slice(start, end);
  const shown = place.length > MOST ? `${place.slice(0, MOST / 2)} ... ${place.slice(-MOST / 2)}` : place;
  return oneLine(`${before}«${shown}»${after}`);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').trim();
}
