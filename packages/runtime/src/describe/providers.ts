/** An execution provider: whether sessions can use it here, and why (not). */
export interface ProviderDescription {
  readonly name: string;
  readonly available: boolean;
  readonly reason: string;
}

/** What decides about a provider. */
export interface ProviderFacts {
  readonly platform: string;
  readonly arch: string;
  /** Names of the files beside ONNX Runtime's library. */
  readonly libraries: readonly string[];
  /** Version of the NVIDIA driver, or undefined without one. */
  readonly nvidiaDriver: string | undefined;
  /** Whether the system shows any graphics device; undefined where it does not tell. */
  readonly graphicsDevice: boolean | undefined;
}

/** Explains the backends that ONNX Runtime was built with. `unknown` ones need a trial session to know. */
export function explainProvider(
  backend: { readonly name: string; readonly bundled: boolean },
  facts: ProviderFacts,
): ProviderDescription | 'unknown' {
  if (backend.name === 'cpu') return { name: 'cpu', available: true, reason: 'always there' };
  const { name, bundled } = backend;
  if (bundled && facts.graphicsDevice === false)
    return { name, available: false, reason: 'there is no graphics device' };
  if (bundled) return 'unknown';
  const missing = ['shared', name]
    .map((part) => `libonnxruntime_providers_${part}.so`)
    .filter((library) => facts.platform === 'linux' && !facts.libraries.includes(library));
  if (missing.length > 0)
    return {
      name,
      available: false,
      reason: `its libraries are not installed (${missing.join(', ')}): onnxruntime-node's post-install step downloads them on Linux x64 and was skipped`,
    };
  if (facts.nvidiaDriver === undefined)
    return { name, available: false, reason: 'its libraries are installed, but there is no NVIDIA driver' };
  return 'unknown';
}
