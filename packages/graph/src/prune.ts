import type { Graph, Node, Value } from './types.js';

/** Values that a node reads, those captured by its subgraphs included. */
export function reads(node: Node): Value[] {
  const direct = node.inputs.filter((input): input is Value => input !== undefined);
  const captured = Object.values(node.attributes).flatMap((attribute) =>
    attribute.kind === 'graph'
      ? [...attribute.value.nodes.flatMap(reads), ...attribute.value.outputs.map((o) => o.value)]
      : [],
  );
  return [...direct, ...captured];
}

/** Drops nodes, initializers and (unless kept) inputs that no output needs. */
export function prune(graph: Graph, options: { readonly keepInputs?: boolean } = {}): Graph {
  const needed = new Set<string>(graph.outputs.map(({ value }) => value.name));
  const nodes: Node[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((output) => needed.has(output.name))) continue;
    nodes.push(node);
    for (const value of reads(node)) needed.add(value.name);
  }
  return {
    ...graph,
    nodes: nodes.reverse(),
    initializers: graph.initializers.filter(({ name }) => needed.has(name)),
    inputs: options.keepInputs === true ? graph.inputs : graph.inputs.filter(({ name }) => needed.has(name)),
  };
}
