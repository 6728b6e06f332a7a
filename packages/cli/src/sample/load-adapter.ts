import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Adapter } from '@doppio/core';
import { FullAdapterFactory, LoraAdapterFactory } from '@doppio/lora-adapter';
import { linearSites, loadModelWeights } from '@doppio/models';

/** Loads what a run left in its `adapter` folder: PEFT's files, or every weight of the model (adapter `full`). */
export async function loadAdapter(model: string, folder: string): Promise<Adapter> {
  const { config, tensors } = await loadModelWeights(model);
  const isFull =
    existsSync(join(folder, 'model.safetensors')) && !existsSync(join(folder, 'adapter_config.json'));
  const factory = isFull ? new FullAdapterFactory() : new LoraAdapterFactory();
  return factory.load({ sites: linearSites(config), weights: tensors }, folder);
}
