import { adamwChecker } from './adamw.js';
import { adapterChecker } from './adapter.js';
import { advantagesChecker } from './advantages.js';
import { chatTemplatesChecker } from './chat-templates.js';
import type { Checker } from './fixture.js';
import { ggufChecker } from './gguf.js';
import { grpoStepsChecker } from './grpo-steps.js';
import { lossesChecker } from './losses.js';
import { modelChecker } from './model.js';
import { rewardsChecker } from './rewards.js';
import { samplingChecker } from './sampling.js';
import { schedulesChecker } from './schedules.js';
import { tokenizerChecker } from './tokenizer.js';

/** Every kind of file; the first that recognises one checks it. */
export const checkers: readonly Checker[] = [
  adapterChecker,
  modelChecker,
  ggufChecker,
  grpoStepsChecker,
  lossesChecker,
  advantagesChecker,
  adamwChecker,
  schedulesChecker,
  samplingChecker,
  rewardsChecker,
  chatTemplatesChecker,
  tokenizerChecker,
];
