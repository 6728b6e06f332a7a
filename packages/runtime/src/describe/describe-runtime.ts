import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { messageOf } from '../failure.js';
import { startHost } from '../create-runtime-host.js';
import type { WorkerHost } from '../client/worker-host.js';
import { readCpu, usableCores } from './cpu.js';
import type { CpuDescription } from './cpu.js';
import { explainProvider } from './providers.js';
import type { ProviderDescription, ProviderFacts } from './providers.js';
import { probeModel } from './probe-model.js';

/** What runs where on this machine, and why. */
export interface RuntimeDescription {
  /** Version of ONNX Runtime, or undefined when it cannot be loaded (then `problem` tells why). */
  readonly version: string | undefined;
  readonly problem: string | undefined;
  readonly platform: string;
  readonly arch: string;
  readonly node: string;
  readonly cpu: CpuDescription;
  /** Default number of threads of a host. */
  readonly threads: number;
  readonly memoryBytes: number;
  readonly providers: readonly ProviderDescription[];
  /** Sentences for people. */
  readonly notes: readonly string[];
}

/** Loads ONNX Runtime in a worker of its own and describes it. Never rejects. */
export async function describeRuntime(): Promise<RuntimeDescription> {
  const cpu = readCpu();
  const found = await inspect().catch((error: unknown) => ({
    version: undefined,
    problem: messageOf(error),
    providers: [{ name: 'cpu', available: false, reason: 'ONNX Runtime could not be loaded' }],
  }));
  return {
    ...found,
    platform: process.platform,
    arch: process.arch,
    node: process.versions.node,
    cpu,
    threads: usableCores(cpu),
    memoryBytes: totalmem(),
    notes: notesOn(cpu, found.providers),
  };
}

async function inspect(): Promise<Pick<RuntimeDescription, 'version' | 'problem' | 'providers'>> {
  await using host = await startHost({ name: 'doctor' });
  const { version, folder, backends } = await host.backends();
  const facts: ProviderFacts = {
    platform: process.platform,
    arch: process.arch,
    libraries: existsSync(folder) ? readdirSync(folder) : [],
    nvidiaDriver: nvidiaDriver(),
    graphicsDevice:
      process.platform === 'linux'
        ? ['/dev/dri', '/dev/nvidia0', '/dev/dxg'].some((path) => existsSync(path))
        : undefined,
  };
  const providers: ProviderDescription[] = [];
  for (const backend of backends) {
    const explained = explainProvider(backend, facts);
    providers.push(explained === 'unknown' ? await probe(host, backend.name) : explained);
  }
  return { version, problem: undefined, providers };
}

/** Makes and runs a session of one node there: nothing else tells whether a provider works. */
async function probe(host: WorkerHost, name: string): Promise<ProviderDescription> {
  try {
    await using session = await host.createSession(probeModel(), { name: `probe ${name}`, provider: name });
    const x = { dtype: 'float32', shape: [1], data: Float32Array.of(1) } as const;
    await session.run({ x }, { read: ['y'] }).read;
    return { name, available: true, reason: 'a trial session ran' };
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    return { name, available: false, reason: messageOf(cause).trim().split('\n')[0] ?? '' };
  }
}

/** Sentences about what the processor means for speed. */
export function notesOn(cpu: CpuDescription, providers: readonly ProviderDescription[]): string[] {
  const has = (name: string): boolean => cpu.extensions?.includes(name) === true;
  const notes: string[] = [];
  if (cpu.extensions === undefined) notes.push('The system does not tell which vector extensions there are.');
  else {
    const f32 = ['avx512f', 'avx2', 'avx', 'sve', 'asimd'].find(has) ?? 'no vector extension';
    notes.push(`f32 matrix products run on ${f32}.`);
    const int8 = ['avx512_vnni', 'avx_vnni', 'i8mm', 'asimddp'].find(has);
    notes.push(
      int8 === undefined
        ? 'There are no int8 dot products: quantised weights save memory, but hardly time.'
        : `int8 dot products (${int8}): quantised weights are faster than f32.`,
    );
  }
  const threads = usableCores(cpu);
  notes.push(
    `${String(threads)} thread${threads === 1 ? ' is' : 's are'} used by default: together by a large model, each by a copy of a small one.`,
  );
  if (cpu.quota !== undefined && cpu.quota < cpu.available)
    notes.push(`The container may use ${String(cpu.quota)} of ${String(cpu.available)} cores.`);
  const accelerators = providers.filter(({ name, available }) => available && name !== 'cpu');
  notes.push(
    accelerators.length === 0
      ? 'Everything runs on the CPU.'
      : `Sessions may also run on ${accelerators.map(({ name }) => name).join(', ')}.`,
  );
  return notes;
}

function nvidiaDriver(): string | undefined {
  try {
    return /\b(\d+\.\d+(?:\.\d+)?)\b/.exec(readFileSync('/proc/driver/nvidia/version', 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
