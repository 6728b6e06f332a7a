/** What a random number is drawn for; equal keys give equal numbers on every machine. Left-out parts count as 0. */
export interface RandomKey {
  /** The run's seed, a non-negative safe integer. */
  readonly seed: number;
  /** Separates uses of randomness: `rollout`, `evaluation`, `dropout`, `shuffle`, `adapter`, ... */
  readonly purpose: string;
  readonly step?: number;
  readonly prompt?: number;
  readonly sample?: number;
}
