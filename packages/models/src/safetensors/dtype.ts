/** Storage types that the format names, with the bytes of an element, in the order the reference writer ranks them. */
export const dtypeBytes = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  F64: 8,
  I64: 8,
  U64: 8,
} as const;
export type Dtype = keyof typeof dtypeBytes;

/** Those that are read into, and written from, f32 arrays. */
export const floatDtypes = ['F32', 'F16', 'BF16', 'F64'] as const;
export type FloatDtype = (typeof floatDtypes)[number];

export function isDtype(name: string): name is Dtype {
  return Object.hasOwn(dtypeBytes, name);
}

export function isFloatDtype(name: Dtype): name is FloatDtype {
  return (floatDtypes as readonly string[]).includes(name);
}

/** Place in the reference writer's layout: it puts later types first, so that every tensor is aligned. */
export function dtypeRank(dtype: Dtype): number {
  return Object.keys(dtypeBytes).indexOf(dtype);
}
