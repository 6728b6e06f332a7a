import { classifyGap, type Gap } from './box-gap.js';
import { squeeze, type Box } from './boxes.js';

/** More different contents than this in one answer are a listing, whatever stands between them. */
export const MOST_CANDIDATES = 8;

/** Boxes from the end of the text that are looked at for what belongs together. */
const MOST_NEIGHBOURS = 256;

/** Parts of an answer that are kept: the last so many. No answer that is given in boxes has more. */
export const MOST_PARTS = 64;

/**
 * The boxes that make the final answer, in their order, each content once.
 *
 * | boxes | answer |
 * |---|---|
 * | joined to the last one by commas, `and`, `or`, spaces, labels | all of these, as a list |
 * | before a gap that reasons or computes | no part of it |
 * | `\boxed{a} \approx \boxed{b}` | a |
 * | corrected once ("Wait, ... \boxed{b}") | b |
 * | corrected twice in a row, without reasoning between | all of them: this is guessing |
 * | more than eight different ones in the text | all of them: this is guessing |
 */
export function finalGroup(text: string, boxes: readonly Box[]): readonly Box[] {
  if (boxes.length <= 1) return boxes;
  const content = (box: Box): string => squeeze(text.slice(box.content.start, box.content.end));
  if (boxes.length > MOST_CANDIDATES) {
    const all = distinct(boxes, content);
    if (all.length > MOST_CANDIDATES) return all;
  }
  let group: Box[] = [];
  const run: Box[] = [];
  let inGroup = true;
  let rethinks = 0;
  const first = Math.max(0, boxes.length - MOST_NEIGHBOURS);
  for (let i = boxes.length - 1; i >= first; i--) {
    const box = boxes[i] as Box;
    const gap: Gap = i > 0 ? classifyGap(text, (boxes[i - 1] as Box).outer.end, box.outer.start) : 'apart';
    if (gap === 'approximation') continue;
    run.push(box);
    if (inGroup) group.push(box);
    if (gap === 'apart') break;
    if (gap === 'rethought') {
      inGroup = false;
      if (content(boxes[i - 1] as Box) !== content(box)) rethinks++;
    }
  }
  if (rethinks > 1) group = run;
  return distinct(group.reverse(), content);
}

/** The last so many that differ, in their order. */
function distinct(boxes: readonly Box[], content: (box: Box) => string): readonly Box[] {
  const seen = new Map<string, Box>();
  for (const box of boxes) {
    const key = content(box);
    if (!seen.has(key)) seen.set(key, box);
  }
  return [...seen.values()].slice(-MOST_PARTS);
}
