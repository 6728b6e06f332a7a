/** Architecture of a decoder-only transformer, normalised from a Hugging Face `config.json`. */
export interface ModelConfig {
  readonly architecture: 'qwen2' | 'llama' | 'qwen3';
  readonly layers: number;
  readonly hiddenSize: number;
  readonly innerSize: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  readonly vocabularySize: number;
  readonly rmsNormEpsilon: number;
  readonly ropeTheta: number;
  readonly maxPositions: number;
  /** The head is the embedding table. */
  readonly tiedHead: boolean;
  readonly attentionBias: {
    readonly q: boolean;
    readonly k: boolean;
    readonly v: boolean;
    readonly o: boolean;
  };
  /** RMS norm of each query and key head (Qwen3). */
  readonly qkNorm: boolean;
  readonly bosId: number | undefined;
  readonly eosIds: readonly number[];
}
