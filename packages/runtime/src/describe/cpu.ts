import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';

/** The processor, as far as the system tells. */
export interface CpuDescription {
  readonly model: string;
  /** Hardware threads of the machine. */
  readonly logicalCores: number;
  /** Cores without hyper-threads; undefined where the system does not tell. */
  readonly physicalCores: number | undefined;
  /** Hardware threads this process may run on (its affinity). */
  readonly available: number;
  /** CPU quota of the container (cgroup v2), in cores; undefined without one. */
  readonly quota: number | undefined;
  /** Extensions that matrix products use, in the system's words; undefined where it does not tell. */
  readonly extensions: readonly string[] | undefined;
}

/** Flags of /proc/cpuinfo that ONNX Runtime's kernels ask for: x86, then arm64. */
const relevant =
  'avx avx2 fma f16c avx_vnni avx512f avx512bw avx512dq avx512vl avx512_vnni avx512_bf16 avx512_fp16 amx_tile amx_int8 amx_bf16 asimd asimdhp asimddp i8mm bf16 sve sve2 sme'.split(
    ' ',
  );

/** Extensions and physical cores from the text of Linux' /proc/cpuinfo. */
export function parseCpuInfo(text: string): {
  readonly physicalCores: number | undefined;
  readonly extensions: readonly string[];
} {
  const flags = new Set(/^(?:flags|Features)\s*:\s*(.*)$/m.exec(text)?.[1]?.trim().split(/\s+/) ?? []);
  const cores = new Set<string>();
  for (const block of text.split(/\n\s*\n/)) {
    const socket = /^physical id\s*:\s*(\d+)/m.exec(block)?.[1];
    const core = /^core id\s*:\s*(\d+)/m.exec(block)?.[1];
    if (socket !== undefined && core !== undefined) cores.add(`${socket}:${core}`);
  }
  return {
    physicalCores: cores.size === 0 ? undefined : cores.size,
    extensions: relevant.filter((name) => flags.has(name)),
  };
}

/** Cores' worth of time a cgroup may use, from the text of its cpu.max: `200000 100000` is 2. */
export function parseCpuQuota(text: string): number | undefined {
  const [quota, period] = text.trim().split(/\s+/).map(Number);
  if (quota === undefined || period === undefined || !(quota > 0) || !(period > 0)) return undefined;
  return quota / period;
}

export function readCpu(): CpuDescription {
  const all = cpus();
  const info = readText('/proc/cpuinfo');
  const parsed = info === undefined ? undefined : parseCpuInfo(info);
  return {
    model: all[0]?.model.trim() ?? 'unknown',
    logicalCores: all.length,
    physicalCores: parsed?.physicalCores,
    available: availableParallelism(),
    quota: parseCpuQuota(readText('/sys/fs/cgroup/cpu.max') ?? ''),
    extensions: parsed?.extensions,
  };
}

/**
 * Threads worth using for matrix products: one a physical core, within affinity and quota. Two hyper-threads of
 * a core share the unit that multiplies.
 */
export function usableCores(cpu: Pick<CpuDescription, 'physicalCores' | 'available' | 'quota'>): number {
  const quota = cpu.quota === undefined ? Infinity : Math.ceil(cpu.quota);
  return Math.max(1, Math.min(cpu.physicalCores ?? Infinity, cpu.available, quota));
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
