import { PluginHost } from '@doppio/core';

/** Plugins that come with the command line. A configuration adds its own. */
export const bundledPlugins = [
  '@doppio/onnx-policy',
  '@doppio/onnx-sampler',
  '@doppio/lora-adapter',
  '@doppio/grpo-optimizer',
  '@doppio/reasoning-rewards',
  '@doppio/arithmetic-suite',
  '@doppio/trackers',
] as const;

/** Loads the bundled plugins, from beside this package, and those named, from `directory`. */
export async function loadHost(plugins: readonly string[], directory: string): Promise<PluginHost> {
  const host = new PluginHost();
  await host.loadPlugins(bundledPlugins, { from: import.meta.dirname });
  await host.loadPlugins(
    plugins.filter((name) => !(bundledPlugins as readonly string[]).includes(name)),
    { from: directory },
  );
  return host;
}
