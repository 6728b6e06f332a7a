import { defaultParts, slots, type Slot } from '../config/slots.js';
import type { ChosenPart, ChosenReward } from '../config/part-choice.js';
import type { PartRequest } from '../plugins/part-request.js';
import type { PluginHost } from '../plugins/plugin-host.js';

/** The part of a configuration that {@link composeRun} reads; pipelines and resolved configurations have it. */
export interface PartsConfig {
  readonly seed: number;
  readonly model: string;
  readonly policy: ChosenPart<object>;
  readonly adapter: ChosenPart<object>;
  readonly sampler: ChosenPart<object>;
  readonly optimizer: ChosenPart<object>;
  readonly dataset?: ChosenPart<object> | undefined;
  readonly rewards: readonly ChosenReward<object>[];
  readonly benchmarks: readonly ChosenPart<object>[];
  readonly trackers: readonly ChosenPart<object>[];
}

/** Every part that a configuration asks for, in the order of its keys. */
export function partRequests(config: PartsConfig, host: PluginHost): readonly PartRequest[] {
  return Object.entries(slots).flatMap(([key, slot]: [string, Slot]) => {
    const chosen = config[key as keyof typeof slots];
    if (chosen === undefined || (key === 'adapter' && isNeedlessDefault(config, host))) return [];
    const list =
      'use' in chosen
        ? [{ part: chosen, path: key }]
        : chosen.map((part, i) => ({ part, path: `${key}[${i}]` }));
    return list.map(({ part, path }) => ({ token: slot.token, path, use: part.use, options: part.options }));
  });
}

/** A policy given as an object has its adapter already: that nobody contributes the default one is then no error. */
function isNeedlessDefault({ policy, adapter }: PartsConfig, host: PluginHost): boolean {
  return (
    typeof policy.use === 'object' &&
    adapter.use === defaultParts.adapter &&
    !host.parts(slots.adapter.token).some(({ definition }) => definition.id === adapter.use)
  );
}
