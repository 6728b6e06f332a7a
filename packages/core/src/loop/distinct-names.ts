/**
 * Names for parts that may share an id, as when one reward is used twice with different options: the first keeps its
 * id, the next are `id#2`, `id#3`. They name metrics and results, so that none hides another.
 */
export function distinctNames(parts: readonly { readonly id: string }[]): readonly string[] {
  const seen = new Map<string, number>();
  return parts.map(({ id }) => {
    const count = (seen.get(id) ?? 0) + 1;
    seen.set(id, count);
    return count === 1 ? id : `${id}#${String(count)}`;
  });
}
