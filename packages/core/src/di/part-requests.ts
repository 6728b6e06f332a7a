import { originOf } from '../config/origins.js';
import type { ChosenPart, ChosenReward } from '../config/part-choice.js';
import { chosenParts, defaultParts, slots } from '../config/slots.js';
import { formatPath } from '../errors/path.js';
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
  readonly verifier?: ChosenPart<object> | undefined;
  readonly benchmarks: readonly ChosenPart<object>[];
  readonly trackers: readonly ChosenPart<object>[];
}

/** Every part that a configuration asks for, in the order of its keys. */
export function partRequests(config: PartsConfig, host: PluginHost): readonly PartRequest[] {
  return chosenParts<ChosenPart<object>>(config)
    .filter(({ path }) => !(path[0] === 'adapter' && isNeedlessDefault(config, host)))
    .map(({ slot, part, path }) => ({
      token: slot.token,
      path: formatPath(path),
      use: part.use,
      options: part.options,
      origin: (rest) => originOf(part, rest),
    }));
}

/** A policy given as an object has its adapter already: that nobody contributes the default one is then no error. */
function isNeedlessDefault({ policy, adapter }: PartsConfig, host: PluginHost): boolean {
  return (
    typeof policy.use === 'object' &&
    adapter.use === defaultParts.adapter &&
    !host.parts(slots.adapter.token).some(({ definition }) => definition.id === adapter.use)
  );
}
