import { describe, expect, it } from 'vitest';
import { configFolders } from '../../test/config-folders.js';
import { configEntries, describeConfig } from './describe-config.js';

const { load } = configFolders();

describe('describeConfig', () => {
  it('prints every leaf with its source', async () => {
    const { config, provenance } = await load(
      {
        'doppio.config.mjs': `export default { model: '/m', rewards: [{ id: 'own', score: () => [] }], stop: undefined };`,
      },
      {
        set: ['training.sampling.stopStrings=["</answer>"]'],
        overrides: [{ flag: '--seed', key: 'seed', value: 3 }],
      },
    );
    const text = describeConfig(config, provenance);
    expect(text).toMatch(/^seed = 3 +# --seed$/m);
    expect(text).toMatch(/^model = "\/m" +# file:.*doppio\.config\.mjs model$/m);
    expect(text).toMatch(/^rewards\[0\]\.use = "<own>" +# file:.* rewards\[0\]$/m);
    expect(text).toMatch(/^training\.steps = 100 +# default$/m);
    expect(text).toMatch(/^training\.sampling\.stopStrings\[0\] = "<\/answer>" +# --set$/m);
    expect(text).toMatch(/^trackers = \[\] +# default$/m);
    const entries = configEntries(config, provenance);
    expect(JSON.parse(JSON.stringify(entries))).toEqual(entries);
    expect(entries.map(({ key }) => key)).toEqual(Object.keys(provenance));
  });
});
