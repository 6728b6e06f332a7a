import { prune } from '../prune.js';
import type { Graph, Node, Value } from '../types.js';

/** A graph of a forward pass and its gradient, cut into two that run one after the other. */
export interface CutGraphs {
  /** The forward outputs, and the values in `saved` under their own names. */
  readonly forward: Graph;
  /** Takes the values in `saved` as inputs instead of computing them again. */
  readonly backward: Graph;
  /** Names of the values that travel from one to the other. */
  readonly saved: readonly string[];
}

/** Operators that only look at the same elements in another shape: their source is saved, never their result. */
const views: ReadonlySet<string> = new Set(['Reshape', 'Squeeze', 'Unsqueeze', 'Split', 'Identity']);
/** Operators cheap enough to be computed again from values that are there anyway. */
const cheap: ReadonlySet<string> = new Set([...views, 'QuickGelu', 'Sigmoid', 'Mul', 'Shape', 'Cast', 'Neg']);

/**
 * Decides which forward values the gradient nodes are given: what they read, unless it is cheaply derived from other
 * saved values or inputs. Everything else of the forward pass is left out of the backward graph.
 * @param graph inputs and nodes of both passes, without outputs
 * @param forwardNodes how many of the nodes are the forward pass (they come first)
 */
export function cutAtGradient(graph: Graph, forwardNodes: number, forwardOutputs: Graph['outputs'], backwardOutputs: Graph['outputs']): CutGraphs {
  const producer = new Map<string, Node>();
  const own = graph.nodes.slice(0, forwardNodes);
  for (const node of own) for (const output of node.outputs) producer.set(output.name, node);
  // A gradient often needs no more of a forward value than its shape: that is taken in the forward pass.
  const takesShape = (node: Node): boolean => node.op === 'Shape' && producer.has(node.inputs[0]?.name ?? '');
  const shapes = graph.nodes.slice(forwardNodes).filter(takesShape);
  for (const node of shapes) for (const output of node.outputs) producer.set(output.name, node);
  const forwardPass = [...own, ...shapes];
  const backwardNodes = graph.nodes.slice(forwardNodes).filter((node) => !takesShape(node));
  const live = prune({ ...graph, nodes: backwardNodes, outputs: backwardOutputs }, { keepInputs: true });
  const read = new Set(live.nodes.flatMap((node) => node.inputs.flatMap((input) => (input !== undefined && producer.has(input.name) ? [input.name] : []))));

  const saved = new Map<string, Value>();
  const available = (value: Value): boolean => {
    const node = producer.get(value.name);
    if (node === undefined || saved.has(value.name)) return true;
    return cheap.has(node.op) && node.inputs.every((input) => input === undefined || available(input));
  };
  const sourceOf = (value: Value): Value => {
    const node = producer.get(value.name);
    return node !== undefined && views.has(node.op) && node.inputs[0] !== undefined ? sourceOf(node.inputs[0]) : value;
  };
  for (const node of forwardPass) {
    for (const output of node.outputs) {
      if (!read.has(output.name) || available(output)) continue;
      const source = sourceOf(output);
      saved.set(source.name, source);
    }
  }

  const values = [...saved.values()];
  const forward = prune({ ...graph, name: `${graph.name}_forward`, nodes: forwardPass, outputs: [...forwardOutputs, ...values.map((value) => ({ name: value.name, value }))] });
  const withoutSaved = graph.nodes.filter((node) => !node.outputs.some((output) => saved.has(output.name)));
  const backward = prune({ ...graph, name: `${graph.name}_backward`, nodes: withoutSaved, inputs: [...graph.inputs, ...values], outputs: backwardOutputs });
  return { forward, backward, saved: values.map(({ name }) => name) };
}
