import { writeFilesAtomically } from '../files/atomic-write.js';
import type { FloatDtype } from '../safetensors/dtype.js';
import { safetensorsContent, type TensorToWrite } from '../safetensors/write-safetensors.js';

/** What Transformers calls the storage types in `config.json`. */
const torchNames: Readonly<Record<FloatDtype, string>> = {
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  F64: 'float64',
};

export interface SaveModelOptions {
  /** How weights that do not say it themselves are stored. Default F32. */
  readonly dtype?: FloatDtype;
  /** Further files of the folder by name, e.g. the tokenizer's. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
}

/**
 * Writes a model folder in Hugging Face form: `config.json` (its `dtype` or `torch_dtype` set to what is stored) and
 * `model.safetensors`, all of it or nothing.
 * @throws DoppioError SAFETENSORS_INVALID, FILE_WRITE
 */
export async function saveModel(
  folder: string,
  config: Readonly<Record<string, unknown>>,
  tensors: ReadonlyMap<string, TensorToWrite>,
  { dtype = 'F32', files = {} }: SaveModelOptions = {},
): Promise<void> {
  const stored = new Map(
    [...tensors].map(([name, tensor]) => [name, { ...tensor, dtype: tensor.dtype ?? dtype }] as const),
  );
  const keys = ['dtype', 'torch_dtype'].filter((key) => key in config);
  const types = Object.fromEntries(
    (keys.length > 0 ? keys : ['torch_dtype']).map((key) => [key, torchNames[dtype]]),
  );
  const json = JSON.stringify({ ...config, ...types }, null, 2);
  await writeFilesAtomically(folder, {
    ...files,
    'config.json': `${json}\n`,
    'model.safetensors': safetensorsContent(stored),
  });
}
