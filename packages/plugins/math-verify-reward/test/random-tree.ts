import fc from 'fast-check';

/** An expression to be printed in two ways, small enough to be evaluated in doubles. */
export type Tree =
  | { readonly op: 'number'; readonly n: number; readonly d: number }
  | { readonly op: 'variable'; readonly name: Variable }
  | { readonly op: 'sum' | 'product'; readonly args: readonly Tree[] }
  | { readonly op: 'minus' | 'root'; readonly of: Tree }
  | { readonly op: 'quotient'; readonly of: Tree; readonly by: Tree }
  | { readonly op: 'power'; readonly of: Tree; readonly exponent: number }
  | { readonly op: 'call'; readonly name: Called; readonly of: Tree };

export const VARIABLES = ['x', 'y', 't'] as const;
type Variable = (typeof VARIABLES)[number];
export const CALLED = ['sin', 'cos', 'ln', 'exp', 'abs', 'arctan'] as const;
export type Called = (typeof CALLED)[number];

/** Positive: every root and logarithm that is real here is on its main branch. */
const POINTS: readonly Readonly<Record<Variable, number>>[] = [
  { x: 0.7123, y: 1.3181, t: 2.2057 },
  { x: 1.9031, y: 0.4409, t: 0.8191 },
  { x: 3.1307, y: 2.7011, t: 1.1173 },
  { x: 0.2179, y: 5.1103, t: 3.3071 },
];

const CALLS: Readonly<Record<Called, (x: number) => number>> = {
  sin: Math.sin,
  cos: Math.cos,
  ln: Math.log,
  exp: Math.exp,
  abs: Math.abs,
  arctan: Math.atan,
};

/** Value at a point; NaN where any part of it is not real, not finite, or too large or too small to be told from zero. */
function evaluate(tree: Tree, point: Readonly<Record<Variable, number>>): number {
  const at = (part: Tree): number => evaluate(part, point);
  const value = ((): number => {
    switch (tree.op) {
      case 'number':
        return tree.n / tree.d;
      case 'variable':
        return point[tree.name];
      case 'sum':
        return tree.args.reduce((total, arg) => total + at(arg), 0);
      case 'product':
        return tree.args.reduce((total, arg) => total * at(arg), 1);
      case 'minus':
        return -at(tree.of);
      case 'root':
        return Math.sqrt(at(tree.of));
      case 'quotient':
        return at(tree.of) / at(tree.by);
      case 'power':
        return at(tree.of) ** tree.exponent;
      case 'call':
        return CALLS[tree.name](at(tree.of));
    }
  })();
  return Math.abs(value) > 1e-4 && Math.abs(value) < 1e6 ? value : NaN;
}

const isTame = (tree: Tree): boolean => POINTS.every((point) => !Number.isNaN(evaluate(tree, point)));

/** Whether two trees differ by more than one millionth at some point. */
export function differ(a: Tree, b: Tree): boolean {
  return POINTS.some((point) => {
    const [left, right] = [evaluate(a, point), evaluate(b, point)];
    return Math.abs(left - right) > 1e-6 * Math.max(Math.abs(left), Math.abs(right));
  });
}

function trees(variables: boolean): fc.Arbitrary<Tree> {
  const number = fc.integer({ min: 1, max: 30 }).map((n): Tree => ({ op: 'number', n, d: 1 }));
  const variable = fc.constantFrom(...VARIABLES).map((name): Tree => ({ op: 'variable', name }));
  const { tree } = fc.letrec<{ tree: Tree; leaf: Tree }>((tie) => {
    const part = tie('tree');
    const several = fc.array(part, { minLength: 2, maxLength: 3 });
    return {
      leaf: variables ? fc.oneof(number, variable) : number,
      tree: fc.oneof(
        { maxDepth: 3, depthIdentifier: 'tree' },
        tie('leaf'),
        several.map((args): Tree => ({ op: 'sum', args })),
        several.map((args): Tree => ({ op: 'product', args })),
        part.map((of): Tree => ({ op: 'minus', of })),
        part.map((of): Tree => ({ op: 'root', of })),
        fc.tuple(part, part).map(([of, by]): Tree => ({ op: 'quotient', of, by })),
        fc
          .tuple(part, fc.integer({ min: 2, max: 4 }))
          .map(([of, exponent]): Tree => ({ op: 'power', of, exponent })),
        fc.tuple(part, fc.constantFrom(...CALLED)).map(([of, name]): Tree => ({ op: 'call', name, of })),
      ),
    };
  });
  return tree.filter(isTame);
}

/** Numbers only: no sampling is needed to compare these. */
export const numericTree = trees(false);
export const symbolicTree = trees(true);

/** The same tree with its `which`-th number (counted round) made larger by one, or by one in a thousand. */
export function perturb(tree: Tree, which: number, coarse: boolean): Tree {
  const count = countNumbers(tree);
  if (count === 0) return { op: 'sum', args: [tree, { op: 'number', n: 1, d: 1 }] };
  let left = which % count;
  const change = (part: Tree): Tree => {
    switch (part.op) {
      case 'number':
        if (left-- !== 0) return part;
        return coarse
          ? { ...part, n: part.n + part.d }
          : { op: 'number', n: part.n * 1001, d: part.d * 1000 };
      case 'variable':
        return part;
      case 'sum':
      case 'product':
        return { op: part.op, args: part.args.map(change) };
      case 'quotient':
        return { ...part, of: change(part.of), by: change(part.by) };
      default:
        return { ...part, of: change(part.of) };
    }
  };
  return change(tree);
}

function countNumbers(tree: Tree): number {
  switch (tree.op) {
    case 'number':
      return 1;
    case 'variable':
      return 0;
    case 'sum':
    case 'product':
      return tree.args.reduce((total, arg) => total + countNumbers(arg), 0);
    case 'quotient':
      return countNumbers(tree.of) + countNumbers(tree.by);
    default:
      return countNumbers(tree.of);
  }
}

/** Whether the tree can be evaluated; a perturbed one may have lost that. */
export { isTame };
