import { z } from 'zod';
import type { Mode } from './mode.js';

/** What a well-formed completion has; read in mode `corrected` only. */
export interface ThinkTagOptions {
  readonly mode: Mode;
  /** Where the think section is opened: by the model, or by the end of the prompt (as R1's chat template does). */
  readonly opening: 'completion' | 'prompt';
  /** Whether the answer has to stand in answer tags after the think section. */
  readonly answerTags: boolean;
}

export const thinkTagOptions = {
  opening: z.enum(['completion', 'prompt']).default('completion'),
  answerTags: z.boolean().default(false),
};

/** The tags that a completion has to have, in order. */
export function expectedTags({ opening, answerTags }: ThinkTagOptions): string[] {
  return [
    ...(opening === 'completion' ? ['<think>'] : []),
    '</think>',
    ...(answerTags ? ['<answer>', '</answer>'] : []),
  ];
}
