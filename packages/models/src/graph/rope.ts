/**
 * Cosines and sines of rotary position embedding, [position, headSize / 2] each, computed in double precision:
 * angle = position * theta^(-2 i / headSize) (Su et al. 2021).
 */
export function ropeTables(
  headSize: number,
  theta: number,
  positions: number,
): { readonly cos: Float32Array; readonly sin: Float32Array } {
  const half = headSize / 2;
  const cos = new Float32Array(positions * half);
  const sin = new Float32Array(positions * half);
  for (let i = 0; i < half; i += 1) {
    const frequency = theta ** ((-2 * i) / headSize);
    for (let position = 0; position < positions; position += 1) {
      cos[position * half + i] = Math.cos(position * frequency);
      sin[position * half + i] = Math.sin(position * frequency);
    }
  }
  return { cos, sin };
}
