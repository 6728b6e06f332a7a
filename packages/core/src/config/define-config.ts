import type { DoppioConfig } from './schema.js';

/** What a configuration file may export: the configuration, a promise of it, or a function that makes it. */
export type ConfigExport<Row extends object = Record<string, unknown>> =
  DoppioConfig<Row> | Promise<DoppioConfig<Row>> | (() => DoppioConfig<Row> | Promise<DoppioConfig<Row>>);

/**
 * Types the default export of a configuration file; returns it unchanged. With a dataset given as an object, rewards
 * may read its columns and no others; one named by id says nothing about its rows: then name them,
 * `defineConfig<MyRow>({ ... })`.
 */
export function defineConfig<Row extends object = Record<string, unknown>>(
  config: DoppioConfig<Row>,
): DoppioConfig<Row>;
export function defineConfig<Row extends object = Record<string, unknown>>(
  config: Promise<DoppioConfig<Row>>,
): Promise<DoppioConfig<Row>>;
export function defineConfig<
  Row extends object,
  F extends () => DoppioConfig<Row> | Promise<DoppioConfig<Row>>,
>(config: F): F;
export function defineConfig<Row extends object = Record<string, unknown>>(
  config: ConfigExport<Row>,
): ConfigExport<Row>;
export function defineConfig<Row extends object>(config: ConfigExport<Row>): ConfigExport<Row> {
  return config;
}
