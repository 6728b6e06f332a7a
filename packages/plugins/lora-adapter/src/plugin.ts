import { AdapterFactory, API_VERSION, definePlugin } from '@doppio/core';
import { z } from 'zod';
import { FullAdapterFactory } from './full-factory.js';
import { LoraAdapterFactory } from './lora-factory.js';
import { loraOptions } from './options.js';

/** Contributes the adapters `lora` and `full`. */
export default definePlugin({
  id: '@doppio/lora-adapter',
  api: API_VERSION,
  register: (registry) => {
    registry.contribute(AdapterFactory, {
      id: 'lora',
      description: 'Low-rank updates beside frozen weights, stored in PEFT files',
      options: loraOptions,
      create: (options) => new LoraAdapterFactory(options),
    });
    registry.contribute(AdapterFactory, {
      id: 'full',
      description: 'Trains every weight of the model',
      options: z.strictObject({}),
      create: () => new FullAdapterFactory(),
    });
  },
});
