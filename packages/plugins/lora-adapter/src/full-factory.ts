import {
  DoppioError,
  type Adapter,
  type AdapterFactory,
  type AdapterTarget,
  type Parameter,
} from '@doppio/core';
import { openCheckpoint, safetensorsContent, writeFilesAtomically, type Checkpoint } from '@doppio/models';

/**
 * Trains every weight of the model. The parameters start as copies, so that the base model stays what it was
 * (a reference for the KL term); files are `model.safetensors` with the checkpoint's own names.
 */
export class FullAdapterFactory implements AdapterFactory {
  readonly id = 'full';

  readonly create = (target: AdapterTarget): Adapter =>
    createFullAdapter(
      [...target.weights].map(([name, { shape, data }]) => ({ name, shape, data: data.slice() })),
    );

  /** @throws DoppioError ADAPTER_INVALID naming every weight that is missing, unknown or misshapen; SAFETENSORS_INVALID */
  readonly load = async (
    target: AdapterTarget,
    directory: string,
    signal?: AbortSignal,
  ): Promise<Adapter> => {
    const checkpoint = await openCheckpoint(directory);
    try {
      checkNames(target, checkpoint);
      const parameters: Parameter[] = [];
      for (const name of target.weights.keys()) {
        signal?.throwIfAborted();
        const weight = await checkpoint.read(name);
        const bad = weight.data.findIndex((value) => !Number.isFinite(value));
        if (bad >= 0) throw invalid(directory, `${name}[${String(bad)}] is ${String(weight.data[bad])}`);
        parameters.push({ name, ...weight });
      }
      return createFullAdapter(parameters);
    } finally {
      await checkpoint.close();
    }
  };
}

function createFullAdapter(parameters: readonly Parameter[]): Adapter {
  return {
    id: 'full',
    kind: 'full',
    parameters,
    lowRank: () => undefined,
    save: async (directory, signal?: AbortSignal) => {
      signal?.throwIfAborted();
      await writeFilesAtomically(directory, {
        'model.safetensors': safetensorsContent(
          new Map(parameters.map(({ name, shape, data }) => [name, { shape, data }])),
        ),
      });
    },
  };
}

function checkNames(target: AdapterTarget, checkpoint: Checkpoint): void {
  const problems: string[] = [];
  for (const [name, { shape }] of target.weights) {
    const found = checkpoint.tensors.get(name);
    if (found === undefined) problems.push(`missing: ${name}`);
    else if (found.shape.join() !== shape.join())
      problems.push(`misshapen: ${name} [${found.shape.join(', ')}]`);
  }
  for (const name of checkpoint.tensors.keys())
    if (!target.weights.has(name)) problems.push(`unknown: ${name}`);
  if (problems.length === 0) return;
  throw invalid(
    checkpoint.folder,
    `${String(problems.length)} problem(s): ${problems.slice(0, 20).join('; ')}`,
  );
}

function invalid(where: string, seen: string): DoppioError {
  return new DoppioError('ADAPTER_INVALID', {
    what: 'the stored weights do not fit the model',
    where,
    seen,
    fix: 'check that they were trained from this model',
  });
}
