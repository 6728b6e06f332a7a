import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createProgram } from '@doppio/cli';
import { loadTokenizer, SafetensorsFile } from '@doppio/models';
import { nanoModel } from '@doppio/nano-preset';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { groupAdvantages, grpo, lossDerivatives, reward, schedule, settings } from '../grpo.js';

const folder = mkdtempSync(join(tmpdir(), 'doppio-grpo-in-one-file-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const config = fileURLToPath(new URL('../doppio.config.ts', import.meta.url));
const adapterFiles = ['adapter_model.safetensors', 'adapter_config.json'];

/** The framework's training, with the configuration beside the example and as few steps and prompts. */
async function framework(out: string, changes: Readonly<Record<string, number>>): Promise<void> {
  const set = Object.entries(changes).flatMap(([key, value]) => ['--set', `${key}=${String(value)}`]);
  const args = ['train', '--config', config, '--out', out, '--json', ...set];
  const summary = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    const program = createProgram().exitOverride();
    await program.parseAsync(['node', 'doppio', ...args]);
  } finally {
    summary.mockRestore();
  }
}

describe('GRPO in one file', () => {
  it.each([0, 3])('gives the adapter of `doppio train`, byte for byte (seed %i)', async (seed) => {
    const [ours, theirs] = [join(folder, `ours-${String(seed)}`), join(folder, `theirs-${String(seed)}`)];
    const lines: string[] = [];
    await grpo(ours, { ...settings, seed, steps: 3, prompts: 6, warmupSteps: 1 }, (line: string) =>
      lines.push(line),
    );
    await framework(theirs, {
      seed,
      'training.steps': 3,
      'training.promptsPerStep': 6,
      'optimizer.options.schedule.warmupSteps': 1,
    });
    expect(lines).toHaveLength(3);

    // B starts with zeros: where it has none left, something was learned, and the comparison means something.
    const weights = await SafetensorsFile.open(join(ours, 'adapter_model.safetensors'));
    try {
      const name = [...weights.tensors.keys()].find((key) => key.endsWith('lora_B.weight')) ?? '';
      const { data } = await weights.read(name);
      expect(data.filter((value) => value !== 0).length).toBeGreaterThan(data.length / 2);
    } finally {
      await weights.close();
    }
    for (const file of adapterFiles)
      expect(readFileSync(join(ours, file)).equals(readFileSync(join(theirs, 'adapter', file))), file).toBe(
        true,
      );
  });

  it('compares answers within their group', () => {
    // Standard deviation of (1, 0, 0, 0) with n - 1: 0.5; of (0, 1): sqrt(0.5).
    const [right, ...wrong] = groupAdvantages([1, 0, 0, 0]);
    expect(right).toBeCloseTo(0.75 / 0.5001, 6);
    expect(wrong.every((advantage) => Math.abs(advantage + 0.25 / 0.5001) < 1e-6)).toBe(true);
    expect([...groupAdvantages([1, 1, 1, 1])]).toEqual([0, 0, 0, 0]);
    expect([...groupAdvantages([0, 0])]).toEqual([0, 0]);
  });

  it('spreads an advantage over the tokens of its completion', () => {
    const answer = (tokens: number) => ({
      ids: new Int32Array(tokens),
      logProbs: new Float32Array(tokens),
      samplingLogProbs: new Float32Array(tokens),
      finishReason: 'stop' as const,
    });
    const derivatives = lossDerivatives(
      [[answer(1), answer(2)], [answer(1)]],
      [Float32Array.of(2, -1), Float32Array.of(4)],
    );
    expect([...derivatives]).toEqual([-0.5, 0.25, 0.25, -1]);
  });

  it('rewards finished answers only', async () => {
    const tokenizer = await loadTokenizer(nanoModel);
    const [stop] = tokenizer.stopIds;
    const score = (text: string, finishReason: 'stop' | 'length') => {
      const ids = Int32Array.of(...tokenizer.encode(text), stop ?? 0);
      const completion = { ids, logProbs: new Float32Array(), samplingLogProbs: new Float32Array() };
      return reward({ ...completion, finishReason }, '42', tokenizer);
    };
    expect(score('<think>40+2</think>42', 'stop')).toBe(1);
    expect(score('<think>40+2</think>42', 'length')).toBe(0);
    expect(score('<think>40+2</think>41', 'stop')).toBe(0);
    expect(score('42', 'stop')).toBe(0);
    expect(score('<think>1</think>42</think>42', 'stop')).toBe(0);
  });

  it('warms up, then falls to 0', () => {
    const s = { ...settings, learningRate: 1, warmupSteps: 2, steps: 6 };
    expect([0, 1, 2, 3, 4, 5].map((step) => schedule(step, s))).toEqual([0, 0.5, 1, 0.75, 0.5, 0.25]);
  });
});
