import type { TokenGroup } from '@doppio/core';

/** Completions `first .. first + count` of one group, to be computed together with their prompt. */
export interface GroupSlice {
  readonly group: number;
  readonly first: number;
  readonly count: number;
}

/** Tokens that a slice of a group puts through the blocks: its prompt once, and completions without their last token. */
export function sliceTokens(group: TokenGroup, slice: GroupSlice): number {
  let tokens = group.promptIds.length;
  for (let i = slice.first; i < slice.first + slice.count; i += 1)
    tokens += Math.max((group.completions[i]?.length ?? 0) - 1, 0);
  return tokens;
}

/**
 * Cuts a batch into micro-batches of at most `tokenBudget` tokens: whole groups while they fit; a group that is larger
 * than the budget is cut between completions, and its prompt computed again for each part. Gradients add up to the
 * same in every cut.
 * @param include groups to be computed; others are left out
 */
export function planMicroBatches(
  groups: readonly TokenGroup[],
  tokenBudget: number,
  include: (group: number) => boolean = () => true,
): readonly (readonly GroupSlice[])[] {
  // Micro-batches of equal size are faster than full ones and a small rest.
  const total = groups.reduce(
    (sum, group, index) =>
      sum +
      (include(index) ? sliceTokens(group, { group: index, first: 0, count: group.completions.length }) : 0),
    0,
  );
  const target = Math.min(
    tokenBudget,
    Math.ceil(total / Math.max(1, Math.ceil(total / tokenBudget))) + largestGroup(groups) / 2,
  );
  const plan: GroupSlice[][] = [];
  let current: GroupSlice[] = [];
  let used = 0;
  const close = (): void => {
    if (current.length > 0) plan.push(current);
    current = [];
    used = 0;
  };
  groups.forEach((group, index) => {
    if (!include(index)) return;
    for (const slice of cutGroup(group, index, tokenBudget)) {
      const tokens = sliceTokens(group, slice);
      if (used > 0 && used + tokens > target) close();
      current.push(slice);
      used += tokens;
    }
  });
  close();
  return plan;
}

function largestGroup(groups: readonly TokenGroup[]): number {
  return Math.max(
    0,
    ...groups.map((group, index) =>
      sliceTokens(group, { group: index, first: 0, count: group.completions.length }),
    ),
  );
}

function cutGroup(group: TokenGroup, index: number, tokenBudget: number): GroupSlice[] {
  const slices: GroupSlice[] = [];
  let first = 0;
  let used = group.promptIds.length;
  group.completions.forEach((completion, i) => {
    const tokens = Math.max(completion.length - 1, 0);
    if (i > first && used + tokens > tokenBudget) {
      slices.push({ group: index, first, count: i - first });
      first = i;
      used = group.promptIds.length;
    }
    used += tokens;
  });
  if (group.completions.length > first)
    slices.push({ group: index, first, count: group.completions.length - first });
  return slices;
}
