import { isBlank } from './range.js';
import type { Span } from '../result.js';

/**
 * Tags after which a thought is over and the answer begins. What opens the thought does not matter: templates write
 * that into the prompt.
 */
const THOUGHT_ENDS: readonly string[] = [
  '</think>',
  '</thinking>',
  '</thought>',
  '</reasoning>',
  '<|end_of_thought|>',
  '<|begin_of_solution|>',
  '<unused95>',
  '<channel|>',
  '<|channel|>final<|message|>',
];

/** The same, for tags that do not begin with `<`. */
const BRACKET_THOUGHT_ENDS: readonly string[] = ['[/THINK]', '◁/think▷'];

/** Remnants of a chat template that end a completion; what follows is another turn. */
const TURN_ENDS: readonly string[] = [
  '<|im_end|>',
  '<|im_start|>user',
  '<|im_start|>system',
  '<|endoftext|>',
  '<|end_of_text|>',
  '<|eot_id|>',
  '<|eom_id|>',
  '<|end_of_solution|>',
  '<|return|>',
  '<|user|>',
  '<end_of_turn>',
  '<turn|>',
  '<｜end▁of▁sentence｜>',
  '<｜User｜>',
  '</s>',
  '<eos>',
];

/** What base models go on with when they do not know where to stop. */
const INVENTED_TURNS: readonly string[] = ['\n\nHuman:', '\n\nUser:', '\n### Instruction'];

/** Remnants that open the turn of the model. */
const TURN_STARTS: readonly string[] = [
  '<|im_start|>assistant',
  '<|assistant|>',
  '<start_of_turn>model',
  '<｜Assistant｜>',
];

interface Sections {
  /** What follows the last thought, up to the end of the turn. */
  readonly answer: Span;
  /** What stands before it; absent where no thought was closed. */
  readonly thought?: Span;
}

/** Splits a completion into its thought and its answer, and cuts off what follows the turn. */
export function sectionsOf(text: string): Sections {
  let start = 0;
  let answerStart = 0;
  let thoughtEnd = -1;
  let end = text.length;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
    if (!mayOpenTag(text.charCodeAt(at + 1))) continue;
    const closing = tagAt(text, at, THOUGHT_ENDS);
    if (closing > 0) {
      thoughtEnd = at;
      answerStart = at + closing;
      continue;
    }
    const opening = tagAt(text, at, TURN_STARTS);
    if (opening > 0 && isBlank(text, { start, end: at })) {
      start = answerStart = at + opening;
      continue;
    }
    if (tagAt(text, at, TURN_ENDS) > 0 && !isBlank(text, { start: answerStart, end: at })) {
      end = at;
      break;
    }
  }
  for (const tag of BRACKET_THOUGHT_ENDS) {
    const at = text.indexOf(tag.slice(0, 3), start) < 0 ? -1 : text.lastIndexOf(tag, end - tag.length);
    if (at < answerStart) continue;
    thoughtEnd = at;
    answerStart = at + tag.length;
  }
  for (const turn of INVENTED_TURNS) {
    const at = text.indexOf(turn, answerStart);
    if (at >= 0 && at < end && !isBlank(text, { start: answerStart, end: at })) end = at;
  }
  const answer = { start: answerStart, end };
  return thoughtEnd < 0 ? { answer } : { answer, thought: { start, end: thoughtEnd } };
}

/** Less-than signs are common in mathematics: most are told apart from a tag by what follows. */
function mayOpenTag(code: number): boolean {
  // Slash, bar, full-width bar, or one of the letters that a tag of the tables begins with.
  return (
    code === 0x2f ||
    code === 0x7c ||
    code === 0xff5c ||
    code === 0x63 ||
    code === 0x65 ||
    code === 0x73 ||
    code === 0x74 ||
    code === 0x75
  );
}

/** Length of the tag of the table that stands at `at`, or 0. */
function tagAt(text: string, at: number, tags: readonly string[]): number {
  const second = text.charCodeAt(at + 1);
  for (const tag of tags) if (tag.charCodeAt(1) === second && text.startsWith(tag, at)) return tag.length;
  return 0;
}
