/** How the distribution of the next token is shaped. What is left out is off. */
export interface FilterSettings {
  /** Divides the logits; 0 leaves the likeliest token alone (the first of equals). Default 1. */
  readonly temperature?: number;
  /** Keeps the k likeliest tokens and whatever ties with the k-th; 0 is off. */
  readonly topK?: number;
  /** Keeps the smallest set of likeliest tokens with at least this probability, in [0, 1]; 1 is off. */
  readonly topP?: number;
  /** Keeps tokens at least this fraction as likely as the likeliest, in [0, 1]; 0 is off. */
  readonly minP?: number;
  /** Keeps the tokens whose surprise is nearest to the entropy, up to this probability, in (0, 1]; 1 is off. */
  readonly typicalP?: number;
  /** Divides the logits of tokens seen before if they are positive, multiplies them otherwise; 1 is off. */
  readonly repetitionPenalty?: number;
}

/**
 * Logits after the filters, in the order of Transformers' generation: repetition penalty, temperature, top-k,
 * top-p, min-p, typical-p. Reference for the samplers' graphs: everything in f64, one row at a time.
 *
 * @param logits [token], minus infinity for tokens that cannot come
 * @param previous ids seen before (prompt and completion), for the repetition penalty; repetitions count once
 * @returns [token], minus infinity where a token was removed; {@link logSoftmax} of it is the distribution
 * @see Transformers, `generation/logits_process.py`; typical-p: Meister et al., "Locally typical sampling" (2022)
 */
export function filterLogits(
  logits: ArrayLike<number>,
  settings: FilterSettings,
  previous: ArrayLike<number> = [],
): Float64Array {
  const { temperature = 1, topK = 0, topP = 1, minP = 0, typicalP = 1, repetitionPenalty = 1 } = settings;
  const scores = Float64Array.from(logits);
  if (repetitionPenalty !== 1) penalise(scores, repetitionPenalty, previous);
  if (temperature === 0) return keepBest(scores);
  if (temperature !== 1)
    for (let i = 0; i < scores.length; i += 1) scores[i] = (scores[i] as number) / temperature;
  if (topK > 0) keepTopK(scores, topK);
  if (topP < 1) keepTopP(scores, topP);
  if (minP > 0) keepMinP(scores, minP);
  if (typicalP < 1) keepTypical(scores, typicalP);
  return scores;
}

/** Natural-log probabilities of logits; minus infinity stays. Shifted by the maximum, so that nothing overflows. */
export function logSoftmax(scores: ArrayLike<number>): Float64Array {
  const result = Float64Array.from(scores);
  let most = -Infinity;
  for (const score of result) most = Math.max(most, score);
  let sum = 0;
  for (const score of result) sum += Math.exp(score - most);
  const shift = most + Math.log(sum);
  return result.map((score) => score - shift);
}

function penalise(scores: Float64Array, penalty: number, previous: ArrayLike<number>): void {
  for (const id of new Set(Array.from(previous))) {
    const score = scores[id];
    if (score !== undefined) scores[id] = score < 0 ? score * penalty : score / penalty;
  }
}

function keepBest(scores: Float64Array): Float64Array {
  const best = scores.indexOf(scores.reduce((most, score) => Math.max(most, score), -Infinity));
  return scores.map((score, i) => (i === best ? score : -Infinity));
}

function keepTopK(scores: Float64Array, k: number): void {
  const threshold = Float64Array.from(scores).sort()[Math.max(0, scores.length - k)] as number;
  remove(scores, (score) => score < threshold);
}

function keepTopP(scores: Float64Array, p: number): void {
  const probs = logSoftmax(scores).map(Math.exp);
  // Least likely first, of equals the later one: the sums then round as in the reference.
  const order = sortedIndices(scores.map((score) => -score)).reverse();
  let cumulative = 0;
  for (const id of order.slice(0, -1)) {
    cumulative += probs[id] as number;
    if (cumulative <= 1 - p) scores[id] = -Infinity;
  }
}

function keepMinP(scores: Float64Array, p: number): void {
  const probs = logSoftmax(scores).map(Math.exp);
  const threshold = p * probs.reduce((most, prob) => Math.max(most, prob), 0);
  remove(scores, (_, i) => (probs[i] as number) < threshold);
}

function keepTypical(scores: Float64Array, mass: number): void {
  const logProbs = logSoftmax(scores);
  const probs = logProbs.map(Math.exp);
  const entropy = -logProbs.reduce(
    (sum, logProb, i) => (logProb === -Infinity ? sum : sum + logProb * (probs[i] as number)),
    0,
  );
  const distance = logProbs.map((logProb) => Math.abs(-logProb - entropy));
  const order = sortedIndices(distance);
  let cumulative = 0;
  let last = 0;
  for (const id of order) {
    cumulative += probs[id] as number;
    if (cumulative < mass) last += 1;
  }
  const threshold = distance[order[Math.min(last, order.length - 1)] as number] as number;
  remove(scores, (_, i) => (distance[i] as number) > threshold);
}

function remove(scores: Float64Array, isRemoved: (score: number, i: number) => boolean): void {
  for (let i = 0; i < scores.length; i += 1) if (isRemoved(scores[i] as number, i)) scores[i] = -Infinity;
}

/** Indices in ascending order of their values, of equals the first index first. */
function sortedIndices(values: Float64Array): number[] {
  const compare = (x: number, y: number): number => (x < y ? -1 : x > y ? 1 : 0);
  return Array.from(values.keys()).sort((a, b) => compare(values[a] as number, values[b] as number));
}
