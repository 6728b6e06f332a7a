import { graphError, showShape } from './error.js';
import type {
  Attribute,
  Dim,
  ElementType,
  Graph,
  Initializer,
  Node,
  Shape,
  TypedData,
  Value,
} from './types.js';

const bytesOf: Readonly<Record<ElementType, (data: TypedData) => boolean>> = {
  float32: (data) => data instanceof Float32Array,
  int64: (data) => data instanceof BigInt64Array,
  int32: (data) => data instanceof Int32Array,
  bool: (data) => data instanceof Uint8Array,
  uint8: (data) => data instanceof Uint8Array,
};

export interface EmitOptions {
  readonly domain?: '' | 'com.microsoft';
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

/** Counts names; shared by a builder and the builders of its subgraphs, so that names never collide. */
class NameCounter {
  private readonly used = new Map<string, number>();
  fresh(base: string): string {
    const count = this.used.get(base) ?? 0;
    this.used.set(base, count + 1);
    return count === 0 ? base : `${base}_${String(count)}`;
  }
}

/**
 * Collects nodes in the order in which they are made, which is a topological order by construction.
 * Operators are functions in `ops/`, which check ranks and types and infer shapes.
 */
export class GraphBuilder {
  readonly nodes: Node[] = [];
  private readonly inputs: Value[] = [];
  private readonly initializers: Initializer[] = [];
  private readonly outputs: { name: string; value: Value }[] = [];
  private readonly scalars = new Map<string, Initializer>();
  private path = '';

  constructor(
    readonly name: string,
    private readonly names: NameCounter = new NameCounter(),
  ) {}

  /** Declares a graph input. @throws DoppioError GRAPH_DUPLICATE when the name is taken */
  input(name: string, type: ElementType, shape: Shape): Value {
    if (this.names.fresh(name) !== name)
      throw graphError('GRAPH_DUPLICATE', this.at(name), 'two values of one name', name, 'rename the input');
    const value: Value = { name, type, shape };
    this.inputs.push(value);
    return value;
  }

  /** Stores a constant. @throws DoppioError GRAPH_SHAPE when data and shape disagree */
  initializer(name: string, type: ElementType, shape: readonly number[], data: TypedData): Value {
    const size = shape.reduce((product, dim) => product * dim, 1);
    if (data.length !== size || !bytesOf[type](data)) {
      throw graphError(
        'GRAPH_SHAPE',
        this.at(name),
        `constant does not fit ${type} ${showShape(shape)}`,
        `${data.constructor.name} of ${String(data.length)}`,
      );
    }
    const value: Initializer = { name: this.names.fresh(name), type, shape, data };
    this.initializers.push(value);
    return value;
  }

  /** A constant scalar; equal ones are stored once. */
  scalar(type: 'float32' | 'int64', value: number): Value {
    return this.constant(type, [], [value]);
  }

  /** A small constant; equal ones are stored once. */
  constant(type: 'float32' | 'int64', shape: readonly number[], values: readonly number[]): Value {
    const key = `${type}:${shape.join('x')}:${values.join(',')}`;
    const known = this.scalars.get(key);
    if (known !== undefined) return known;
    const data =
      type === 'float32' ? Float32Array.from(values) : BigInt64Array.from(values, (v) => BigInt(v));
    const made = this.initializer('const', type, shape, data) as Initializer;
    this.scalars.set(key, made);
    return made;
  }

  /** Adds a node. For the functions in `ops/` and gradient rules; models use those. */
  emit(
    op: string,
    inputs: readonly (Value | undefined)[],
    outputs: readonly { type: ElementType; shape: Shape }[],
    options: EmitOptions = {},
  ): Value[] {
    const path = this.at(op);
    const values = outputs.map(({ type, shape }) => ({ name: this.names.fresh(path), type, shape }));
    this.nodes.push({
      path,
      op,
      domain: options.domain ?? '',
      inputs,
      outputs: values,
      attributes: options.attributes ?? {},
    });
    return values;
  }

  /** Emits a node with one output. */
  emit1(
    op: string,
    inputs: readonly (Value | undefined)[],
    type: ElementType,
    shape: Shape,
    options: EmitOptions = {},
  ): Value {
    return this.emit(op, inputs, [{ type, shape }], options)[0] as Value;
  }

  /** Nodes made inside carry the name as a part of their path. */
  scope<T>(name: string, build: () => T): T {
    const outer = this.path;
    this.path = outer === '' ? name : `${outer}/${name}`;
    try {
      return build();
    } finally {
      this.path = outer;
    }
  }

  /** Path that the next node of this operator would get. */
  at(op: string): string {
    return this.path === '' ? op : `${this.path}/${op}`;
  }

  /** Names a value as a graph output. */
  output(name: string, value: Value): void {
    this.outputs.push({ name, value });
  }

  /** A builder for a subgraph (a loop's body): sees this graph's values, and never takes one of its names. */
  subgraph(name: string): GraphBuilder {
    const inner = new GraphBuilder(name, this.names);
    inner.path = this.at(name);
    return inner;
  }

  /** An input of a subgraph, whose name nobody types and so is made up. */
  subgraphInput(base: string, type: ElementType, shape: Shape): Value {
    const value: Value = { name: this.names.fresh(this.at(base)), type, shape };
    this.inputs.push(value);
    return value;
  }

  finish(): Graph {
    return {
      name: this.name,
      inputs: [...this.inputs],
      outputs: [...this.outputs],
      initializers: [...this.initializers],
      nodes: [...this.nodes],
    };
  }
}

/** Product of known extents, or undefined when one of them is a name. */
export function sizeOf(shape: readonly Dim[]): number | undefined {
  let size = 1;
  for (const dim of shape) {
    if (typeof dim === 'string') return undefined;
    size *= dim;
  }
  return size;
}
