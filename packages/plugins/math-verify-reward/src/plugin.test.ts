import { AnswerVerifier, PluginHost, Reward } from '@doppio/core';
import { describe, expect, it } from 'vitest';
import plugin from './plugin.js';

const { signal } = new AbortController();
const context = { seed: 0, model: '', signal, get: () => Promise.reject(new Error('asks for nothing')) };

describe('the plugin', () => {
  const host = new PluginHost();
  host.add(plugin);

  it('has a verifier that other rewards can ask', async () => {
    const request = { token: AnswerVerifier, path: 'verifier', use: 'math-verify', options: {} };
    const [part] = await host.prepare([request]);
    const verifier = (await part?.create(context)) as AnswerVerifier;
    expect(verifier.id).toBe('math-verify');
    expect(await verifier.verify('\\frac{1}{2}', '$0.5$', signal)).toMatchObject({ verdict: 'equal' });
    expect(await verifier.verify('', '1', signal)).toMatchObject({ verdict: 'gold-unreadable' });
  });

  it('has the reward accuracy, whose options are checked', async () => {
    const request = (options: object) => ({ token: Reward, path: 'rewards[0]', use: 'accuracy', options });
    const [part] = await host.prepare([request({ gold: 'solution', budget: { steps: 100_000 } })]);
    expect(await part?.create(context)).toMatchObject({ id: 'accuracy' });
    await expect(host.prepare([request({ mod: 'compat' })])).rejects.toThrow(/did you mean .*mode/);
    await expect(host.prepare([request({ budget: { steps: 0 } })])).rejects.toThrow(/steps/);
  });
});
