import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DoppioError, type Adapter, type AdapterFactory, type AdapterTarget } from '@doppio/core';
import { parseJsonObject, readTextIfPresent, SafetensorsFile, type Tensor } from '@doppio/models';
import type { z } from 'zod';
import { adapterFiles, createLoraAdapter, initialValues, WEIGHTS_FILE } from './lora-adapter.js';
import { loraSites, matrixName, type LoraSite } from './lora-sites.js';
import { checkLayers, checkPatterns, checkTargetNames } from './match-paths.js';
import { loraOptions, type LoraOptions } from './options.js';
import { parsePeftConfig } from './peft-config.js';
import { peftConfigText } from './peft-config-text.js';

/** Makes and reads LoRA adapters; options are for new ones, a file has its own. */
export class LoraAdapterFactory implements AdapterFactory {
  readonly id = 'lora';
  readonly options: LoraOptions;

  /** @throws DoppioError ADAPTER_OPTIONS naming every option that is unknown or out of range */
  constructor(options: z.input<typeof loraOptions> = {}) {
    const parsed = loraOptions.safeParse(options);
    if (!parsed.success) {
      throw new DoppioError('ADAPTER_OPTIONS', {
        what: 'the options of the lora adapter are wrong',
        where: 'adapter lora',
        seen: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
        fix: `known options: ${Object.keys(loraOptions.shape).join(', ')}`,
      });
    }
    this.options = parsed.data;
  }

  /** @throws DoppioError ADAPTER_TARGETS when the targets fit no projection, or a pattern is bad */
  readonly create = (target: AdapterTarget, seed: number): Adapter => {
    const { options } = this;
    const where = 'adapter option targets';
    checkTargetNames(target.sites, options.targets, where);
    checkTargetNames(target.sites, options.exclude ?? [], 'adapter option exclude');
    checkLayers(target.sites, options.layers ?? [], 'adapter option layers');
    const sites = loraSites(target.sites, options, where);
    const paths = sites.map(({ site }) => site.path);
    checkPatterns(options.rankPattern, paths, 'adapter option rankPattern');
    checkPatterns(options.alphaPattern, paths, 'adapter option alphaPattern');
    const config = peftConfigText(
      options,
      target.model,
      sites.map(({ site }) => site.module),
    );
    return createLoraAdapter(sites, options.dropout, config, initialValues(seed, options.init));
  };

  /**
   * Reads PEFT's two files. Saving what was read gives the same bytes, keys unknown here included.
   * @throws DoppioError ADAPTER_MISSING, ADAPTER_INVALID, ADAPTER_UNSUPPORTED, ADAPTER_TARGETS, SAFETENSORS_INVALID
   */
  readonly load = async (
    target: AdapterTarget,
    directory: string,
    signal?: AbortSignal,
  ): Promise<Adapter> => {
    const paths = adapterFiles(directory);
    const text = await readTextIfPresent(paths.config, 'ADAPTER_INVALID');
    if (text === undefined) throw missing(paths.config, 'there is no adapter configuration');
    const layout = parsePeftConfig(parseJsonObject(text, paths.config, 'ADAPTER_INVALID'), paths.config);
    const sites = loraSites(target.sites, layout, paths.config);
    const tensors = await readMatrices(sites, directory, paths.weights, signal);
    return createLoraAdapter(sites, layout.dropout, text, ({ site }, matrix) => {
      return (tensors.get(matrixName(site.path, matrix)) as Tensor).data;
    });
  };
}

async function readMatrices(
  sites: readonly LoraSite[],
  directory: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Tensor>> {
  if (!existsSync(path)) {
    if (existsSync(join(directory, 'adapter_model.bin'))) {
      throw missing(
        path,
        'the adapter is stored as a pickle, which can run code and is not read',
        'save it with safe_serialization=True',
      );
    }
    throw missing(path, 'there are no adapter weights');
  }
  const file = await SafetensorsFile.open(path);
  try {
    checkNames(sites, file);
    const tensors = new Map<string, Tensor>();
    for (const name of file.tensors.keys()) {
      signal?.throwIfAborted();
      const tensor = await file.read(name);
      const bad = tensor.data.findIndex((value) => !Number.isFinite(value));
      if (bad >= 0) throw invalid(path, `${name}[${String(bad)}] is ${String(tensor.data[bad])}`);
      tensors.set(name, tensor);
    }
    return tensors;
  } finally {
    await file.close();
  }
}

function checkNames(sites: readonly LoraSite[], file: SafetensorsFile): void {
  const expected = new Map<string, readonly number[]>();
  for (const { site, rank } of sites) {
    expected.set(matrixName(site.path, 'A'), [rank, site.inFeatures]);
    expected.set(matrixName(site.path, 'B'), [site.outFeatures, rank]);
  }
  const problems: string[] = [];
  for (const [name, shape] of expected) {
    const found = file.tensors.get(name);
    if (found === undefined) problems.push(`missing: ${name}`);
    else if (found.shape.join() !== shape.join()) {
      problems.push(`misshapen: ${name} [${found.shape.join(', ')}], not [${shape.join(', ')}]`);
    }
  }
  for (const name of file.tensors.keys()) if (!expected.has(name)) problems.push(`unknown: ${name}`);
  if (problems.length === 0) return;
  const shown = problems.slice(0, 20);
  if (problems.length > shown.length) shown.push(`and ${String(problems.length - shown.length)} more`);
  throw invalid(file.path, `${String(problems.length)} problem(s)\n    ${shown.join('\n    ')}`);
}

function invalid(where: string, seen: string): DoppioError {
  return new DoppioError('ADAPTER_INVALID', {
    what: `${WEIGHTS_FILE} does not fit its configuration and the model`,
    where,
    seen,
    fix: 'check that the adapter was trained on this model, and fetch or save it again',
  });
}

function missing(where: string, what: string, fix = 'check the path of the adapter'): DoppioError {
  return new DoppioError('ADAPTER_MISSING', { what, where, seen: 'no such file', fix });
}
