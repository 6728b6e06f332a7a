import type { RuntimeHost, TensorRef } from '@doppio/runtime';
import type { ModelConfig } from '../config/model-config.js';
import { ropeTables } from './rope.js';

/** Positions of the first table, and of the smallest. */
const FEWEST_POSITIONS = 512;

/** Inputs `rope_cos` and `rope_sin` [position, headSize / 2] of a graph. */
export type RopeInputs = Readonly<Record<'rope_cos' | 'rope_sin', TensorRef>>;

/**
 * Rope tables in a worker, as long as what was asked for: models announce up to 131,072 positions, 64 MiB of tables,
 * of which most runs use few. A longer table is made when needed; earlier ones stay, for runs that hold them.
 */
export class RopeFeeds implements Disposable {
  private readonly tables: { readonly positions: number; readonly inputs: RopeInputs }[] = [];

  constructor(
    private readonly host: RuntimeHost,
    private readonly config: Pick<ModelConfig, 'headSize' | 'ropeTheta' | 'maxPositions'>,
  ) {}

  /** Tables that cover positions 0 .. count - 1. */
  upTo(count: number): RopeInputs {
    const known = this.tables.at(-1);
    if (known !== undefined && known.positions >= count) return known.inputs;
    const { headSize, ropeTheta, maxPositions } = this.config;
    let positions = FEWEST_POSITIONS;
    while (positions < count) positions *= 2;
    positions = Math.max(count, Math.min(positions, maxPositions));
    const { cos, sin } = ropeTables(headSize, ropeTheta, positions);
    const upload = (data: Float32Array): TensorRef =>
      this.host.upload({ dtype: 'float32', shape: [positions, headSize / 2], data });
    const inputs = { rope_cos: upload(cos), rope_sin: upload(sin) };
    this.tables.push({ positions, inputs });
    return inputs;
  }

  [Symbol.dispose](): void {
    for (const { inputs } of this.tables.splice(0)) for (const ref of Object.values(inputs)) ref.dispose();
  }
}
