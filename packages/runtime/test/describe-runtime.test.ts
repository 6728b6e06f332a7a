import { describe, expect, it } from 'vitest';
import { describeRuntime } from '../src/index.js';
import { parseCpuInfo, parseCpuQuota, usableCores } from '../src/describe/cpu.js';
import { notesOn } from '../src/describe/describe-runtime.js';
import { explainProvider } from '../src/describe/providers.js';

describe('describeRuntime', () => {
  it('describes this machine', async () => {
    const found = await describeRuntime();
    expect(found.version).toMatch(/^1\.\d+\.\d+$/);
    expect(found.problem).toBeUndefined();
    expect(found.providers[0]).toMatchObject({ name: 'cpu', available: true });
    for (const { reason } of found.providers) expect(reason).not.toBe('');
    expect(found.threads).toBeGreaterThanOrEqual(1);
    expect(found.threads).toBeLessThanOrEqual(found.cpu.available);
    expect(found.notes.length).toBeGreaterThan(0);
  });
});

const cpuinfo = `processor : 0
physical id : 0
core id : 0
flags : fpu sse2 avx avx2 fma avx512f avx512_vnni

processor : 1
physical id : 0
core id : 0
flags : fpu sse2 avx avx2 fma avx512f avx512_vnni

processor : 2
physical id : 1
core id : 0
flags : fpu sse2 avx avx2 fma avx512f avx512_vnni
`;

describe('the processor', () => {
  it('is read from /proc/cpuinfo', () => {
    expect(parseCpuInfo(cpuinfo)).toEqual({
      physicalCores: 2,
      extensions: ['avx', 'avx2', 'fma', 'avx512f', 'avx512_vnni'],
    });
    expect(parseCpuInfo('processor : 0\nFeatures : fp asimd asimddp i8mm\n')).toEqual({
      physicalCores: undefined,
      extensions: ['asimd', 'asimddp', 'i8mm'],
    });
    expect(parseCpuInfo('')).toEqual({ physicalCores: undefined, extensions: [] });
  });

  it('has a quota in containers', () => {
    expect(parseCpuQuota('150000 100000\n')).toBe(1.5);
    expect(parseCpuQuota('max 100000\n')).toBeUndefined();
    expect(parseCpuQuota('')).toBeUndefined();
  });

  it('gives the number of threads', () => {
    expect(usableCores({ physicalCores: 8, available: 16, quota: undefined })).toBe(8);
    expect(usableCores({ physicalCores: 8, available: 4, quota: undefined })).toBe(4);
    expect(usableCores({ physicalCores: 8, available: 16, quota: 1.5 })).toBe(2);
    expect(usableCores({ physicalCores: undefined, available: 3, quota: 0.2 })).toBe(1);
  });

  it('is explained', () => {
    const cpu = { model: 'm', logicalCores: 4, physicalCores: 2, available: 4, quota: 1 };
    const notes = notesOn({ ...cpu, extensions: ['avx2', 'avx512f', 'avx512_vnni'] }, []).join(' ');
    expect(notes).toContain('run on avx512f');
    expect(notes).toContain('avx512_vnni');
    expect(notes).toContain('1 of 4 cores');
    const old = notesOn({ ...cpu, extensions: ['avx2'] }, [
      { name: 'cuda', available: true, reason: '' },
    ]).join(' ');
    expect(old).toContain('no int8 dot products');
    expect(old).toContain('cuda');
    expect(notesOn({ ...cpu, extensions: undefined }, []).join(' ')).toContain('does not tell');
  });
});

describe('providers', () => {
  const facts = {
    platform: 'linux',
    arch: 'x64',
    libraries: [],
    nvidiaDriver: '550.1',
    graphicsDevice: true,
  };
  const cuda = { name: 'cuda', bundled: false };
  const both = ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so'];

  it('say what CUDA lacks', () => {
    expect(explainProvider(cuda, facts)).toMatchObject({
      available: false,
      reason: expect.stringContaining('libonnxruntime_providers_cuda.so') as string,
    });
    expect(explainProvider(cuda, { ...facts, libraries: both, nvidiaDriver: undefined })).toMatchObject({
      available: false,
      reason: expect.stringContaining('driver') as string,
    });
    expect(explainProvider(cuda, { ...facts, libraries: both })).toBe('unknown');
  });

  it('try what is built in only where there is a device', () => {
    const webgpu = { name: 'webgpu', bundled: true };
    expect(explainProvider(webgpu, { ...facts, graphicsDevice: false })).toMatchObject({ available: false });
    expect(explainProvider(webgpu, facts)).toBe('unknown');
    expect(explainProvider(webgpu, { ...facts, platform: 'darwin', graphicsDevice: undefined })).toBe(
      'unknown',
    );
  });
});
