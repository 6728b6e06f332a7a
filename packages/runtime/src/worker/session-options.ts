import type { InferenceSession } from 'onnxruntime-node';
import type { SessionOptions } from '../session.js';

/** Our session options in ONNX Runtime's words. `threads` was filled in by the host. */
export function ortOptions(options: SessionOptions): InferenceSession.SessionOptions {
  const extra = { 'session.force_spinning_stop': '1', ...flatten(options.extra ?? {}) };
  return {
    executionProviders: [options.provider ?? 'cpu'],
    graphOptimizationLevel: options.optimization ?? 'all',
    executionMode: 'sequential',
    interOpNumThreads: 1,
    enableMemPattern: options.memoryPattern ?? false,
    enableCpuMemArena: options.arena ?? true,
    logId: options.name,
    // Warnings are about unused initializers and the like; errors arrive as exceptions too.
    logSeverityLevel: 4,
    extra,
    ...(options.threads === undefined ? {} : { intraOpNumThreads: options.threads }),
    ...(options.profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: options.profile }),
    ...(options.externalData === undefined ? {} : { externalData: options.externalData }),
  };
}

/** `{ session: { intra_op: { x: '1' } } }` as `{ 'session.intra_op.x': '1' }`, so that nested and dotted mix. */
export function flatten(entries: Record<string, unknown>, prefix = ''): Record<string, unknown> {
  const flat: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(entries)) {
    if (typeof value === 'object' && value !== null)
      Object.assign(flat, flatten(value as Record<string, unknown>, `${prefix}${key}.`));
    else flat[prefix + key] = value;
  }
  return flat;
}
