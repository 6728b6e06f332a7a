import { dtypeBytes, type FloatDtype } from './dtype.js';

const floatView = new Float32Array(1);
const bitsView = new Uint32Array(floatView.buffer);

/** f32 value of every f16 bit pattern; built once, on first use. */
let halfTable: Float32Array | undefined;

/** Value of an IEEE 754 binary16 bit pattern. */
export function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Nearest binary16 bit pattern of an f32 value, ties to even; too large values become infinity. */
export function floatToHalf(value: number): number {
  floatView[0] = value;
  const bits = bitsView[0] as number;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) {
    const rebased = magnitude - 0x38000000;
    return sign | ((rebased + 0xfff + ((rebased >>> 13) & 1)) >>> 13);
  }
  // Below the smallest normal number the spacing is constant, 2^-24.
  const steps = Math.abs(floatView[0]) * 2 ** 24;
  const floor = Math.floor(steps);
  const rest = steps - floor;
  return sign | (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor);
}

/** Nearest bfloat16 bit pattern of an f32 value, ties to even. */
export function floatToBfloat(value: number): number {
  floatView[0] = value;
  return bitsToBfloat(bitsView[0] as number);
}

function bitsToBfloat(bits: number): number {
  // The low half alone could carry a NaN into infinity: it keeps a bit.
  if ((bits & 0x7fffffff) > 0x7f800000) return (bits >>> 16) | 0x40;
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

/** Value of a bfloat16 bit pattern. */
export function bfloatToFloat(bits: number): number {
  bitsView[0] = bits << 16;
  return floatView[0] as number;
}

/** The value that an f32 number has after it was stored in `dtype`. */
export function roundTo(dtype: FloatDtype, value: number): number {
  switch (dtype) {
    case 'F16':
      return halfToFloat(floatToHalf(value));
    case 'BF16':
      return bfloatToFloat(floatToBfloat(value));
    case 'F32':
      return Math.fround(value);
    case 'F64':
      return value;
  }
}

/** Decodes little-endian elements of `bytes` into `out`, from element `first` on. */
export function decodeFloats(dtype: FloatDtype, bytes: Uint8Array, out: Float32Array, first: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (dtype) {
    case 'F32':
      for (let i = 0; i * 4 < bytes.length; i += 1) out[first + i] = view.getFloat32(i * 4, true);
      return;
    case 'F64':
      for (let i = 0; i * 8 < bytes.length; i += 1) out[first + i] = view.getFloat64(i * 8, true);
      return;
    case 'F16': {
      const table = (halfTable ??= Float32Array.from({ length: 0x10000 }, (_, bits) => halfToFloat(bits)));
      for (let i = 0; i * 2 < bytes.length; i += 1) {
        out[first + i] = table[view.getUint16(i * 2, true)] as number;
      }
      return;
    }
    case 'BF16': {
      // The upper half of an f32: written as integers, so that NaN payloads survive.
      const target = new Uint32Array(out.buffer, out.byteOffset, out.length);
      for (let i = 0; i * 2 < bytes.length; i += 1) target[first + i] = view.getUint16(i * 2, true) << 16;
      return;
    }
  }
}

/** Encodes `data` as little-endian elements of `dtype`. */
export function encodeFloats(dtype: FloatDtype, data: Float32Array): Uint8Array {
  const bytes = new Uint8Array(data.length * dtypeBytes[dtype]);
  const view = new DataView(bytes.buffer);
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  switch (dtype) {
    case 'F32':
      for (let i = 0; i < data.length; i += 1) view.setUint32(i * 4, bits[i] as number, true);
      break;
    case 'F64':
      for (let i = 0; i < data.length; i += 1) view.setFloat64(i * 8, data[i] as number, true);
      break;
    case 'F16':
      for (let i = 0; i < data.length; i += 1) view.setUint16(i * 2, floatToHalf(data[i] as number), true);
      break;
    case 'BF16':
      for (let i = 0; i < data.length; i += 1) view.setUint16(i * 2, bitsToBfloat(bits[i] as number), true);
      break;
  }
  return bytes;
}
