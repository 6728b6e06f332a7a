import { z } from 'zod';
import { hasId, implementsSlot, type Slot } from './slots.js';

/** Options of a part as people write them; the part's own schema checks them. */
export type PartOptions = Readonly<Record<string, unknown>>;

/** How a part is named: its id, its id with options, or an object that implements the contract. */
export type PartChoice<T extends object> =
  | string
  | T
  | { readonly use: string; readonly options?: PartOptions | undefined }
  | { readonly use: T; readonly options?: undefined };

/** How a reward is named: as any part, with its place in the sum. */
export type RewardChoice<T extends object> =
  | PartChoice<T>
  | ({
      /** Factor in the sum; default 1. */
      readonly weight?: number | undefined;
      /** Seconds that scoring one group may take; default 60. */
      readonly deadlineSeconds?: number | undefined;
    } & (
      | { readonly use: string; readonly options?: PartOptions | undefined }
      | { readonly use: T; readonly options?: undefined }
    ));

/** A {@link PartChoice} in its full form. */
export interface ChosenPart<T extends object> {
  readonly use: string | T;
  readonly options: PartOptions;
}

/** A {@link RewardChoice} in its full form. */
export interface ChosenReward<T extends object> extends ChosenPart<T> {
  readonly weight: number;
  readonly deadlineSeconds: number;
}

/** Schema of a part's place; both short forms become `{ use, options }`. */
export function partSchema<T extends object>(slot: Slot) {
  return z
    .custom<PartChoice<T>>()
    .transform(fullForm<T>(slot))
    .pipe(z.strictObject(partShape<T>(slot)).refine(optionsHaveAPart, needless).readonly());
}

/** Schema of a reward's place. */
export function rewardSchema<T extends object>(slot: Slot) {
  const shape = {
    ...partShape<T>(slot),
    weight: z.number().default(1).describe('Factor of this reward in the sum'),
    deadlineSeconds: z
      .number()
      .positive()
      .default(60)
      .describe('Seconds that scoring one group of completions may take; then the group abstains'),
  };
  return z
    .custom<RewardChoice<T>>()
    .transform(fullForm<T>(slot))
    .pipe(z.strictObject(shape).refine(optionsHaveAPart, needless).readonly());
}

const needless = { path: ['options'], message: 'expected none, since the part is given as an object' };

function optionsHaveAPart({
  use,
  options,
}: {
  readonly use: unknown;
  readonly options: PartOptions;
}): boolean {
  return typeof use === 'string' || Object.keys(options).length === 0;
}

function partShape<T extends object>(slot: Slot) {
  const expected = `expected the id of a ${slot.token.description}, or an object with an \`id\` and a function \`${slot.method}\``;
  return {
    use: z
      .custom<string | T>(
        (use) => (typeof use === 'string' ? use !== '' : implementsSlot(use, slot) && hasId(use)),
        expected,
      )
      .describe('Id of the part; `doppio plugins` lists them. In code also the object itself'),
    options: z
      .record(z.string(), z.unknown())
      .readonly()
      .default({})
      .describe('Options of the part, checked by its own schema; `doppio plugins` shows it'),
  };
}

function fullForm<T extends object>(slot: Slot) {
  return (choice: PartChoice<T> | RewardChoice<T>): { use: string | T; options?: PartOptions | undefined } =>
    (typeof choice === 'string' || implementsSlot(choice, slot) ? { use: choice } : choice) as {
      use: string | T;
    };
}
