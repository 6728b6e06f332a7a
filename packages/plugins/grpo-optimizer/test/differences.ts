/** Differences (f(x + h) - f(x - h)) / 2h along each of `values`. */
export function differences(
  values: Float32Array | Float64Array,
  f: () => number,
  h = 1e-6,
): readonly number[] {
  return Array.from(values, (value, i) => {
    const at = (x: number): number => {
      values[i] = x;
      return f();
    };
    const slope = (at(value + h) - at(value - h)) / (2 * h);
    values[i] = value;
    return slope;
  });
}
