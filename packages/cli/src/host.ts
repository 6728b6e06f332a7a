import arithmeticSuite from '@doppio/arithmetic-suite';
import { PluginHost } from '@doppio/core';
import grpoOptimizer from '@doppio/grpo-optimizer';
import loraAdapter from '@doppio/lora-adapter';
import mathVerifyReward from '@doppio/math-verify-reward';
import onnxPolicy from '@doppio/onnx-policy';
import onnxSampler from '@doppio/onnx-sampler';
import reasoningRewards from '@doppio/reasoning-rewards';
import trackers from '@doppio/trackers';

/** Plugins that come with the command line. A configuration adds its own. */
const bundledPlugins = [
  onnxPolicy,
  onnxSampler,
  loraAdapter,
  grpoOptimizer,
  reasoningRewards,
  mathVerifyReward,
  arithmeticSuite,
  trackers,
] as const;

/** A host with the bundled plugins and those named, which are looked for from `directory`. */
export async function loadHost(plugins: readonly string[], directory: string): Promise<PluginHost> {
  const host = new PluginHost();
  for (const plugin of bundledPlugins) host.add(plugin);
  await host.loadPlugins(
    plugins.filter((name) => !bundledPlugins.some(({ id }) => id === name)),
    { from: directory },
  );
  return host;
}
