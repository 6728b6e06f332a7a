export * from './tensor.js';
export * from './session.js';
export * from './host.js';
export { createRuntimeHost } from './create-runtime-host.js';
export { describeRuntime } from './describe/describe-runtime.js';
export type { RuntimeDescription } from './describe/describe-runtime.js';
export type { CpuDescription } from './describe/cpu.js';
export type { ProviderDescription } from './describe/providers.js';
export * from './replicas.js';
