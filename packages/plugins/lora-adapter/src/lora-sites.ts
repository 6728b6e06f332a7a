import type { LinearSite } from '@doppio/core';
import { matchPatterns, selectSites, type TargetSelection } from './match-paths.js';

/** How an adapter is laid out over a model, whether it was configured here or by PEFT. */
export interface LoraLayout extends TargetSelection {
  readonly rank: number;
  readonly alpha: number;
  readonly dropout: number;
  readonly rankPattern: Readonly<Record<string, number>>;
  readonly alphaPattern: Readonly<Record<string, number>>;
  readonly rsLora: boolean;
}

/** One adapted projection. */
export interface LoraSite {
  readonly site: LinearSite;
  /** Place among all projections of the model: it keys the initial values. */
  readonly index: number;
  readonly rank: number;
  /** alpha / rank, or alpha / sqrt(rank) with rsLora. */
  readonly scale: number;
}

/** The projections that a layout adapts, with rank and scale of each. @throws DoppioError ADAPTER_TARGETS */
export function loraSites(
  sites: readonly LinearSite[],
  layout: LoraLayout,
  where: string,
): readonly LoraSite[] {
  const selected = selectSites(sites, layout, where);
  const paths = selected.map(({ path }) => path);
  const ranks = matchPatterns(layout.rankPattern, paths, where);
  const alphas = matchPatterns(layout.alphaPattern, paths, where);
  return selected.map((site) => {
    const rank = ranks.get(site.path) ?? layout.rank;
    const alpha = alphas.get(site.path) ?? layout.alpha;
    return {
      site,
      index: sites.indexOf(site),
      rank,
      scale: alpha / (layout.rsLora ? Math.sqrt(rank) : rank),
    };
  });
}

/** PEFT's name of a matrix: A [rank, in] or B [out, rank]. */
export function matrixName(path: string, matrix: 'A' | 'B'): string {
  return `base_model.model.${path}.lora_${matrix}.weight`;
}
