import type { DoppioConfig } from './schema.js';

/** What a configuration file may export: the configuration, a promise of it, or a function that makes it. */
export type ConfigExport =
  DoppioConfig | Promise<DoppioConfig> | (() => DoppioConfig | Promise<DoppioConfig>);

/** Types the default export of a configuration file; returns it unchanged. */
export function defineConfig(config: DoppioConfig): DoppioConfig;
export function defineConfig(config: Promise<DoppioConfig>): Promise<DoppioConfig>;
export function defineConfig<F extends () => DoppioConfig | Promise<DoppioConfig>>(config: F): F;
export function defineConfig(config: ConfigExport): ConfigExport;
export function defineConfig(config: ConfigExport): ConfigExport {
  return config;
}
