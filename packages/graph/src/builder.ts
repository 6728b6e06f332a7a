import { graphError, showShape } from './error.js';
import { NameCounter } from './names.js';
import { expectShape } from './shapes.js';
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
  /** Values made here; those of the outer graph, if there is one, are visible too. */
  private readonly made = new Set<Value>();
  private path = '';

  constructor(
    readonly name: string,
    private readonly outer?: GraphBuilder,
    private readonly names: NameCounter = new NameCounter(),
  ) {}

  /** Declares a graph input. @throws DoppioError GRAPH_DUPLICATE when the name is taken, GRAPH_TYPE, GRAPH_SHAPE */
  input(name: string, type: ElementType, shape: Shape): Value {
    if (name === '' || !this.names.take(name))
      throw graphError(
        'GRAPH_DUPLICATE',
        this.at(name),
        name === '' ? 'an input without a name' : 'two values of one name',
        JSON.stringify(name),
        'rename the input',
      );
    const value = this.own({ name, type, shape }, name);
    this.inputs.push(value);
    return value;
  }

  /** Stores a constant. @throws DoppioError GRAPH_SHAPE when data and shape disagree, GRAPH_TYPE */
  initializer(name: string, type: ElementType, shape: readonly number[], data: TypedData): Value {
    this.check(name, type, shape);
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
    this.made.add(value);
    this.initializers.push(value);
    return value;
  }

  /** A constant scalar; equal ones are stored once. */
  scalar(type: 'float32' | 'int64', value: number): Value {
    return this.constant(type, [], [value]);
  }

  /** A small constant; equal ones are stored once. */
  constant(type: 'float32' | 'int64', shape: readonly number[], values: readonly number[]): Value {
    const wrong = type === 'int64' ? values.find((value) => !Number.isSafeInteger(value)) : undefined;
    if (wrong !== undefined)
      throw graphError('GRAPH_TYPE', this.at('const'), 'an int64 constant must be an integer', String(wrong));
    // -0 is another float than 0, but the same text.
    const texts = values.map((value) => (Object.is(value, -0) ? '-0' : String(value)));
    const key = `${type}:${shape.join('x')}:${texts.join(',')}`;
    const known = this.scalars.get(key);
    if (known !== undefined) return known;
    const data =
      type === 'float32' ? Float32Array.from(values) : BigInt64Array.from(values, (v) => BigInt(v));
    const made = this.initializer('const', type, shape, data) as Initializer;
    this.scalars.set(key, made);
    return made;
  }

  /**
   * Adds a node. For the functions in `ops/` and gradient rules; models use those.
   * @throws DoppioError GRAPH_FOREIGN for an input that is not a value of this graph
   */
  emit(
    op: string,
    inputs: readonly (Value | undefined)[],
    outputs: readonly { type: ElementType; shape: Shape }[],
    options: EmitOptions = {},
  ): Value[] {
    const path = this.at(op);
    for (const input of inputs) if (input !== undefined) this.expectVisible(path, input);
    const values = outputs.map(({ type, shape }) =>
      this.own({ name: this.names.fresh(path), type, shape }, op),
    );
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

  /**
   * Names a value as a graph output.
   * @throws DoppioError GRAPH_FOREIGN for a value of another graph, GRAPH_DUPLICATE for a name that is another value's
   */
  output(name: string, value: Value): void {
    this.expectVisible(this.at(name), value);
    const taken = this.outputs.some((output) => output.name === name);
    if (name === '' || taken || (name !== value.name && !this.names.take(name)))
      throw graphError(
        'GRAPH_DUPLICATE',
        this.at(name),
        taken ? 'two outputs of one name' : 'an output needs a name that no other value has',
        JSON.stringify(name),
        'rename the output',
      );
    this.outputs.push({ name, value });
  }

  /** Whether the value can be used here: it was made here, or in a graph around this one. */
  sees(value: Value): boolean {
    return this.made.has(value) || this.outer?.sees(value) === true;
  }

  /** @throws DoppioError GRAPH_FOREIGN */
  expectVisible(path: string, value: Value): void {
    if (!this.sees(value))
      throw graphError(
        'GRAPH_FOREIGN',
        path,
        `a value of another graph was used in ${this.name}`,
        value.name,
        'make it with this builder; what a loop computes leaves it as a carried or scanned value only',
      );
  }

  private own(value: Value, name: string): Value {
    this.check(name, value.type, value.shape);
    this.made.add(value);
    return value;
  }

  private check(name: string, type: ElementType, shape: Shape): void {
    const path = this.at(name);
    if (!Object.hasOwn(bytesOf, type))
      throw graphError(
        'GRAPH_TYPE',
        path,
        'no element type of this package',
        String(type),
        `there are ${Object.keys(bytesOf).join(', ')}`,
      );
    expectShape(path, shape);
  }

  /** A builder for a subgraph (a loop's body): sees this graph's values, and never takes one of its names. */
  subgraph(name: string): GraphBuilder {
    const inner = new GraphBuilder(name, this, this.names);
    inner.path = this.at(name);
    return inner;
  }

  /** An input of a subgraph, whose name nobody types and so is made up. */
  subgraphInput(base: string, type: ElementType, shape: Shape): Value {
    const value = this.own({ name: this.names.fresh(this.at(base)), type, shape }, base);
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
