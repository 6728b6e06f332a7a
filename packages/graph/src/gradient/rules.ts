import { elementwiseRules } from './elementwise-rules.js';
import { layoutRules } from './layout-rules.js';
import { matmulRules } from './matmul-rules.js';
import { reduceRules } from './reduce-rules.js';
import type { GradientRule } from './rule.js';
import { transformerRules } from './transformer-rules.js';

/** Every operator that can be differentiated. Operators of integers and comparisons have no gradient. */
export const gradientRules: Readonly<Record<string, GradientRule>> = {
  ...elementwiseRules,
  ...matmulRules,
  ...layoutRules,
  ...reduceRules,
  ...transformerRules,
};
