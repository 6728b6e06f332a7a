type Values = ArrayLike<number>;

/** Largest difference, relative to the largest magnitude expected; infinite where lengths differ or a value is missing. */
export function maxError(actual: Values | undefined, expected: Values): number {
  if (actual?.length !== expected.length) return Infinity;
  const scale = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  let worst = 0;
  for (let i = 0; i < expected.length; i += 1) {
    const error = Math.abs((actual[i] as number) - (expected[i] as number)) / scale;
    if (Number.isNaN(error)) return Infinity;
    worst = Math.max(worst, error);
  }
  return worst;
}

/** Euclidean norm of the difference over that of what is expected. */
export function normError(actual: Values | undefined, expected: Values): number {
  if (actual?.length !== expected.length) return Infinity;
  let difference = 0;
  let size = 0;
  for (let i = 0; i < expected.length; i += 1) {
    difference += ((actual[i] as number) - (expected[i] as number)) ** 2;
    size += (expected[i] as number) ** 2;
  }
  return Math.sqrt(difference) / (Math.sqrt(size) || 1);
}

/** 0 where the lists are equal, 1 where they are not: summed up, it counts what differs. */
export function differs(actual: Values, expected: Values): number {
  return actual.length === expected.length && Array.from(expected).every((value, i) => value === actual[i])
    ? 0
    : 1;
}
