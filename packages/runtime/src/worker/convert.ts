import type { Tensor } from 'onnxruntime-node';
import type { Failure } from '../failure.js';
import { isDType, showTensor } from '../tensor.js';
import type { HostData, HostTensor } from '../tensor.js';
import type { Ort } from './ort.js';

export function toOrt(ort: Ort, tensor: HostTensor): Tensor {
  return new ort.Tensor(tensor.dtype, tensor.data as Float32Array, [...tensor.shape]);
}

/** The tensor with `data` for its elements, or why its type cannot be read. */
export function toHost(tensor: Tensor, data: HostData): HostTensor | Failure {
  if (isDType(tensor.type)) return { dtype: tensor.type, shape: [...tensor.dims], data };
  return {
    code: 'RUNTIME_OUTPUT_INVALID',
    facts: {
      what: 'a tensor of this type cannot be read',
      seen: showTensor({ dtype: tensor.type, shape: tensor.dims }),
      fix: 'cast it in the graph',
    },
  };
}
