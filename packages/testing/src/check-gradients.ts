import { DoppioError } from '@doppio/core';
import {
  differentiate,
  encodeModel,
  GraphBuilder,
  prune,
  type ElementType,
  type Shape,
  type TypedData,
  type Value,
} from '@doppio/graph';
import type { HostTensor, RuntimeHost } from '@doppio/runtime';

/** An input of a graph under test. */
export interface GradientCheckInput {
  /** Extents of the data. */
  readonly shape: readonly number[];
  readonly data: TypedData;
  /** Default: what the array holds (`bool` must be said). */
  readonly type?: ElementType;
  /** Shape as the graph declares it, to give extents names. Default: `shape`. */
  readonly declared?: Shape;
  /** Whether the gradient by it is checked. Default: true for float32. */
  readonly differentiate?: boolean;
}

export interface GradientCheckOptions {
  /** Half of the difference between the two points at which the graph is evaluated. Default 2^-7. */
  readonly step?: number;
  /** Largest error allowed, relative to the largest numeric derivative by the input (or to 1e-2, if that is more). Default 1e-3. */
  readonly tolerance?: number;
}

/** The element of an input with the largest error. */
export interface GradientError {
  readonly input: string;
  /** Flat index. */
  readonly element: number;
  readonly analytic: number;
  readonly numeric: number;
  /** |analytic - numeric| over the scale in {@link GradientCheckOptions.tolerance}. */
  readonly relative: number;
  /** Largest |numeric derivative| by the input. */
  readonly largest: number;
}

/** Builds the outputs of a graph under test from its inputs, by name. */
export type BuildChecked<N extends string> = (
  g: GraphBuilder,
  inputs: Readonly<Record<N, Value>>,
) => Value | readonly Value[];

/**
 * Compares the gradients that {@link differentiate} builds with central finite differences, both computed by real
 * sessions. The loss is a fixed weighted sum of all output elements, so that every element of the Jacobian counts.
 * @returns the largest error of each input
 * @throws DoppioError GRADIENT_MISMATCH naming the worst element, or where no element is checked; whatever building
 *   the graph throws
 */
export async function checkGradients<N extends string>(
  host: RuntimeHost,
  build: BuildChecked<N>,
  inputs: Readonly<Record<N, GradientCheckInput>>,
  { step = 2 ** -7, tolerance = 1e-3 }: GradientCheckOptions = {},
): Promise<readonly GradientError[]> {
  const entries = Object.entries<GradientCheckInput>(inputs);
  const checked = entries.filter(([, input]) => input.differentiate ?? input.data instanceof Float32Array);
  const elements = checked.reduce((sum, [, { data }]) => sum + data.length, 0);
  // A check that cannot fail says nothing.
  if (elements === 0)
    throw mismatch(
      'inputs',
      'there is nothing to check',
      'no input is differentiated, or all of them are empty',
    );
  const feeds = Object.fromEntries(entries.map(([name, input]) => [name, hostTensor(input)]));

  await using forward = await host.createSession(encodeModel(prune(forwardGraph(build, inputs))), {
    name: 'gradient check, forward',
  });
  const evaluate = async (values: Readonly<Record<string, HostTensor>>): Promise<HostTensor[]> => {
    const used = Object.fromEntries(forward.inputNames.map((name) => [name, values[name] as HostTensor]));
    const read = await forward.run<never, string>(used, { read: forward.outputNames }).read;
    return forward.outputNames.map((name) => read[name] as HostTensor);
  };
  const weights = (await evaluate(feeds)).map(({ shape, data }, i): HostTensor => ({
    dtype: 'float32',
    shape,
    data: Float32Array.from(data as Float32Array, (_, j) => Math.sin(1 + 1.7 * j + 0.6 * i)),
  }));
  const loss = async (values: Readonly<Record<string, HostTensor>>): Promise<number> => {
    let sum = 0;
    (await evaluate(values)).forEach(({ data }, i) => {
      const weight = weights[i]?.data as Float32Array;
      (data as Float32Array).forEach((y, j) => (sum += y * (weight[j] as number)));
    });
    return sum;
  };

  const wrt = checked.map(([name]) => name);
  await using backward = await host.createSession(encodeModel(prune(backwardGraph(build, inputs, wrt))), {
    name: 'gradient check, backward',
  });
  const all: Record<string, HostTensor> = {
    ...feeds,
    ...Object.fromEntries(weights.map((weight, i) => [`weight ${String(i)}`, weight])),
  };
  const given = Object.fromEntries(backward.inputNames.map((name) => [name, all[name] as HostTensor]));
  const analytic = await backward.run<never, string>(given, { read: backward.outputNames }).read;

  const errors: GradientError[] = [];
  for (const [name, { shape, data }] of checked) {
    const gradient = analytic[`d ${name}`] as HostTensor;
    if (gradient.shape.join() !== shape.join())
      throw mismatch(
        name,
        `gradient has shape [${gradient.shape.join(', ')}]`,
        `input has [${shape.join(', ')}]`,
      );
    const numeric = new Float64Array(data.length);
    for (let i = 0; i < data.length; i += 1) {
      const at = async (offset: number): Promise<readonly [x: number, y: number]> => {
        const moved = (data as Float32Array).slice();
        moved[i] = (moved[i] as number) + offset;
        return [
          moved[i] as number,
          await loss({ ...feeds, [name]: { dtype: 'float32', shape, data: moved } }),
        ];
      };
      const [[low, below], [high, above]] = [await at(-step), await at(step)];
      numeric[i] = (above - below) / (high - low);
    }
    errors.push(worstOf(name, gradient.data as Float32Array, numeric));
  }
  for (const { input, element, analytic: a, numeric: n, relative } of errors) {
    if (!(relative <= tolerance))
      throw mismatch(
        `${input}[${String(element)}]`,
        'a gradient is not what finite differences say',
        `${String(a)} instead of ${String(n)} (relative error ${relative.toExponential(1)})`,
      );
  }
  return errors;
}

function worstOf(input: string, analytic: Float32Array, numeric: Float64Array): GradientError {
  const largest = numeric.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scale = Math.max(largest, 1e-2);
  let worst: GradientError = { input, element: 0, analytic: 0, numeric: 0, relative: -1, largest };
  numeric.forEach((n, element) => {
    const a = analytic[element] as number;
    const relative = Math.abs(a - n) / scale;
    if (relative > worst.relative || Number.isNaN(relative))
      worst = { input, element, analytic: a, numeric: n, relative, largest };
  });
  return worst;
}

function mismatch(where: string, what: string, seen: string): DoppioError {
  return new DoppioError('GRADIENT_MISMATCH', {
    what,
    where,
    seen,
    fix: 'compare the rule with its derivation',
  });
}

function typeOf({ type, data }: GradientCheckInput): ElementType {
  if (type !== undefined) return type;
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof BigInt64Array) return 'int64';
  return data instanceof Int32Array ? 'int32' : 'uint8';
}

function hostTensor(input: GradientCheckInput): HostTensor {
  return { dtype: typeOf(input), shape: input.shape, data: input.data };
}

function declare<N extends string>(
  g: GraphBuilder,
  build: BuildChecked<N>,
  inputs: Readonly<Record<N, GradientCheckInput>>,
): { readonly values: Readonly<Record<N, Value>>; readonly outputs: readonly Value[] } {
  const values = Object.fromEntries(
    Object.entries<GradientCheckInput>(inputs).map(([name, input]) => [
      name,
      g.input(name, typeOf(input), input.declared ?? input.shape),
    ]),
  ) as Record<N, Value>;
  const built = build(g, values);
  return { values, outputs: Array.isArray(built) ? (built as Value[]) : [built as Value] };
}

function forwardGraph<N extends string>(
  build: BuildChecked<N>,
  inputs: Readonly<Record<N, GradientCheckInput>>,
): ReturnType<GraphBuilder['finish']> {
  const g = new GraphBuilder('forward');
  declare(g, build, inputs).outputs.forEach((value, i) => {
    g.output(`y ${String(i)}`, g.emit1('Identity', [value], value.type, value.shape));
  });
  return g.finish();
}

function backwardGraph<N extends string>(
  build: BuildChecked<N>,
  inputs: Readonly<Record<N, GradientCheckInput>>,
  wrt: readonly string[],
): ReturnType<GraphBuilder['finish']> {
  const g = new GraphBuilder('backward');
  const { values, outputs } = declare(g, build, inputs);
  const cotangents = outputs.map((of, i) => ({
    of,
    gradient: g.input(`weight ${String(i)}`, 'float32', of.shape),
  }));
  const gradients = differentiate(
    g,
    cotangents,
    wrt.map((name) => values[name as N]),
  );
  // A gradient may be an input itself (of y = x + c, say), which no graph may give as its output.
  gradients.forEach((gradient, i) => {
    g.output(`d ${wrt[i] as string}`, g.emit1('Identity', [gradient], gradient.type, gradient.shape));
  });
  return g.finish();
}
