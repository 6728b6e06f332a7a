import { DoppioError } from '@doppio/core';
import protobuf from 'protobufjs';
import type { Attribute, Graph, Initializer, Node, Value } from '../types.js';
import {
  attributeTypeIds,
  elementTypeIds,
  EXTERNAL,
  IR_VERSION,
  onnxSchema,
  OPSET_VERSION,
} from './schema.js';

const modelType = protobuf.parse(onnxSchema, { keepCase: true }).root.lookupType('onnx.ModelProto');

/** What a protobuf message can hold. */
const MAX_BYTES = 2 ** 31 - 1;

/** Constants from this size on are kept outside of the model file by {@link encodeModelParts}, bytes. */
const LARGE = 1024;

/** A model file, and the constants that it names instead of holding. */
export interface ModelParts {
  readonly model: Uint8Array;
  /** As a session takes it; `data` are the graph's own arrays, not copies. */
  readonly externalData: readonly { readonly path: string; readonly data: Uint8Array }[];
}

/** Serialises a graph whose large constants are given beside it: they are not copied, and may exceed protobuf's 2 GB. */
export function encodeModelParts(graph: Graph): ModelParts {
  const large = graph.initializers.filter(({ data }) => data.byteLength >= LARGE);
  return {
    model: encode(graph, new Set(large)),
    externalData: large.map((tensor) => ({ path: tensor.name, data: bytesOf(tensor) })),
  };
}

/** Serialises a graph as an ONNX model file. @throws DoppioError GRAPH_TOO_LARGE when its constants take 2 GB or more */
export function encodeModel(graph: Graph): Uint8Array {
  return encode(graph, new Set());
}

function encode(graph: Graph, external: ReadonlySet<Initializer>): Uint8Array {
  const bytes = graph.initializers.reduce(
    (sum, tensor) => sum + (external.has(tensor) ? 0 : tensor.data.byteLength),
    0,
  );
  if (bytes > MAX_BYTES)
    throw new DoppioError('GRAPH_TOO_LARGE', {
      what: 'a model file cannot hold as many constants',
      where: `graph ${graph.name}`,
      seen: `${String(bytes)} bytes, ${String(MAX_BYTES)} are possible`,
      fix: 'use encodeModelParts, or make large weights inputs of the graph',
    });
  const names = outputNames(graph);
  const model = {
    ir_version: IR_VERSION,
    producer_name: 'doppio',
    opset_import: [
      { domain: '', version: OPSET_VERSION },
      { domain: 'com.microsoft', version: 1 },
    ],
    graph: graphMessage(graph, (value) => names.get(value.name) ?? value.name, external),
  };
  return modelType.encode(modelType.fromObject(model)).finish();
}

/**
 * A session returns outputs under their values' names, so a value is renamed to the output's name; where that is
 * not possible (an input given back, one value under two names) an Identity node is added in `graphMessage`.
 */
function outputNames(graph: Graph): ReadonlyMap<string, string> {
  const made = new Set(graph.nodes.flatMap((node) => node.outputs.map((output) => output.name)));
  const names = new Map<string, string>();
  for (const { name, value } of graph.outputs)
    if (made.has(value.name) && !names.has(value.name)) names.set(value.name, name);
  return names;
}

type NameOf = (value: Value) => string;

function graphMessage(graph: Graph, nameOf: NameOf, external: ReadonlySet<Initializer>): object {
  const nodes = graph.nodes.map((node) => nodeMessage(node, nameOf));
  const given = new Set<string>();
  for (const { name, value } of graph.outputs) {
    if (nameOf(value) === name && !given.has(name)) given.add(name);
    else nodes.push({ name: `output/${name}`, op_type: 'Identity', input: [nameOf(value)], output: [name] });
  }
  return {
    name: graph.name,
    node: nodes,
    initializer: graph.initializers.map((tensor) => tensorMessage(tensor, external.has(tensor))),
    input: graph.inputs.map((value) => valueMessage(value.name, value)),
    output: graph.outputs.map(({ name, value }) => valueMessage(name, value)),
  };
}

function nodeMessage(node: Node, nameOf: NameOf): object {
  return {
    name: node.outputs[0]?.name ?? node.path,
    op_type: node.op,
    domain: node.domain,
    input: node.inputs.map((input) => (input === undefined ? '' : nameOf(input))),
    output: node.outputs.map(nameOf),
    attribute: Object.entries(node.attributes).map(([name, attribute]) =>
      attributeMessage(name, attribute, nameOf),
    ),
  };
}

function attributeMessage(name: string, attribute: Attribute, nameOf: NameOf): object {
  const head = { name, type: attributeTypeIds[attribute.kind] };
  switch (attribute.kind) {
    case 'int':
      return { ...head, i: attribute.value };
    case 'float':
      return { ...head, f: attribute.value };
    case 'string':
      return { ...head, s: new TextEncoder().encode(attribute.value) };
    case 'ints':
      return { ...head, ints: [...attribute.value] };
    case 'graph':
      return { ...head, g: graphMessage(attribute.value, nameOf, new Set()) };
  }
}

function tensorMessage(tensor: Initializer, external: boolean): object {
  const data = bytesOf(tensor);
  const place = { location: tensor.name, offset: '0', length: String(data.byteLength) };
  return {
    name: tensor.name,
    dims: [...tensor.shape],
    data_type: elementTypeIds[tensor.type],
    ...(external
      ? {
          data_location: EXTERNAL,
          external_data: Object.entries(place).map(([key, value]) => ({ key, value })),
        }
      : { raw_data: data }),
  };
}

function bytesOf({ data }: Initializer): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function valueMessage(name: string, value: Value): object {
  const dim = value.shape.map((extent) =>
    typeof extent === 'number' ? { dim_value: extent } : { dim_param: extent },
  );
  return { name, type: { tensor_type: { elem_type: elementTypeIds[value.type], shape: { dim } } } };
}
