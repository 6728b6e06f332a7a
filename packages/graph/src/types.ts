/** Element types that graphs of this project use. */
export type ElementType = 'float32' | 'int64' | 'int32' | 'bool' | 'uint8';

/** A known extent, or the name of one that is known only when the graph runs. Equal names mean equal extents. */
export type Dim = number | string;
export type Shape = readonly Dim[];

/** A tensor in a graph: an input, an initializer or a node's output. */
export interface Value {
  /** Unique in the graph and its subgraphs; the ONNX name. */
  readonly name: string;
  readonly type: ElementType;
  readonly shape: Shape;
}

export type TypedData = Float32Array | BigInt64Array | Int32Array | Uint8Array;

/** A constant stored in the model file. */
export interface Initializer extends Value {
  readonly shape: readonly number[];
  readonly data: TypedData;
}

export type Attribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'graph'; readonly value: Graph };

/** One operator application. */
export interface Node {
  /** Where in the model it stands, e.g. `attention/query`; named in errors and profiles. */
  readonly path: string;
  readonly op: string;
  /** '' is the ONNX standard; `com.microsoft` are ONNX Runtime's own operators. */
  readonly domain: '' | 'com.microsoft';
  /** undefined leaves an optional input out. */
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly Value[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A finished graph: nodes in topological order. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly Value[];
  /** Output values with the names under which a session returns them. */
  readonly outputs: readonly { readonly name: string; readonly value: Value }[];
  readonly initializers: readonly Initializer[];
  readonly nodes: readonly Node[];
}
