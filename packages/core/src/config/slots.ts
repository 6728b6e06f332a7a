import {
  AdapterFactory,
  AnswerVerifier,
  Benchmark,
  Dataset,
  Optimizer,
  Policy,
  Reward,
  Sampler,
  Tracker,
  type Token,
} from '../contracts/index.js';
import type { Path } from '../errors/path.js';
import { idProblem } from '../plugins/check-id.js';

/** A place in configuration that names a part, or a list of parts. */
export interface Slot {
  readonly token: Token<unknown>;
  readonly list: boolean;
  /** A function that every implementation of the contract has: what tells an object from a description of one. */
  readonly method: string;
}

/** Every place that names parts, by key. */
export const slots = {
  policy: { token: Policy, list: false, method: 'accumulate' },
  adapter: { token: AdapterFactory, list: false, method: 'create' },
  sampler: { token: Sampler, list: false, method: 'sample' },
  optimizer: { token: Optimizer, list: false, method: 'loss' },
  dataset: { token: Dataset, list: false, method: 'read' },
  rewards: { token: Reward, list: true, method: 'score' },
  verifier: { token: AnswerVerifier, list: false, method: 'verify' },
  benchmarks: { token: Benchmark, list: true, method: 'grade' },
  trackers: { token: Tracker, list: true, method: 'onEvent' },
} as const satisfies Record<string, Slot>;

export type SlotKey = keyof typeof slots;

/** Ids of the parts that a run has unless its configuration names others. */
export const defaultParts = { policy: 'onnx', adapter: 'lora', sampler: 'onnx', optimizer: 'grpo' } as const;

/** The slot that a path stands at (`adapter`, `rewards[2]`), or undefined. */
export function slotAt(path: Path): Slot | undefined {
  const [key, index] = path;
  if (typeof key !== 'string' || !Object.hasOwn(slots, key)) return undefined;
  const slot = slots[key as SlotKey];
  return slot.list
    ? path.length === 2 && typeof index === 'number'
      ? slot
      : undefined
    : path.length === 1
      ? slot
      : undefined;
}

/** The slot whose parts implement a contract, or undefined. */
export function slotOf(token: Token<unknown>): Slot | undefined {
  return Object.values(slots).find((slot) => slot.token.symbol === token.symbol);
}

/** Whether a value implements the slot's contract, as far as can be seen. */
export function implementsSlot(value: unknown, { method }: Slot): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Record<string, unknown>)[method] === 'function'
  );
}

/** Whether an object has the id that every contract asks for. It names metrics and results. */
export function hasId(part: object): boolean {
  return idProblem((part as { readonly id?: unknown }).id) === undefined;
}

/** The parts that a configuration chose, each with its place, in the order of the keys. */
export function chosenParts<Part extends object>(config: {
  readonly [Key in SlotKey]?: Part | readonly Part[] | undefined;
}): readonly { readonly slot: Slot; readonly part: Part; readonly path: Path }[] {
  return (Object.keys(slots) as SlotKey[]).flatMap((key) => {
    const chosen = config[key];
    const slot: Slot = slots[key];
    if (chosen === undefined) return [];
    return isList(chosen)
      ? chosen.map((part, i) => ({ slot, part, path: [key, i] }))
      : [{ slot, part: chosen, path: [key] }];
  });
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
