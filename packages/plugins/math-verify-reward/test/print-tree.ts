import type { Random } from './random.js';
import type { Called, Tree } from './random-tree.js';

/** How tightly a printed piece holds together: what is weaker than its place asks for goes in brackets. */
const SUM = 1;
const PRODUCT = 2;
const ATOM = 3;

interface Piece {
  readonly text: string;
  readonly binds: number;
}

export type Notation = 'latex' | 'plain';

const LATEX_CALLS: Readonly<Record<Called, (of: string) => string>> = {
  sin: (of) => `\\sin\\left(${of}\\right)`,
  cos: (of) => `\\cos(${of})`,
  ln: (of) => `\\ln\\left(${of}\\right)`,
  exp: (of) => `e^{${of}}`,
  abs: (of) => `\\left|${of}\\right|`,
  arctan: (of) => `\\arctan\\left(${of}\\right)`,
};
const OTHER_LATEX_CALLS: Readonly<Record<Called, (of: string) => string>> = {
  sin: (of) => `\\sin (${of})`,
  cos: (of) => `\\mathrm{cos}\\left( ${of} \\right)`,
  ln: (of) => `\\ln(${of})`,
  exp: (of) => `\\exp\\left(${of}\\right)`,
  abs: (of) => `\\lvert ${of} \\rvert`,
  arctan: (of) => `\\tan^{-1}\\left(${of}\\right)`,
};

/** One of the ways to write a tree; the order of terms and factors, brackets and spellings are drawn. */
export function printTree(tree: Tree, notation: Notation, random: Random): string {
  return new Printer(notation, random).print(tree).text;
}

class Printer {
  constructor(
    private readonly notation: Notation,
    private readonly random: Random,
  ) {}

  print(tree: Tree): Piece {
    const piece = this.write(tree);
    return this.random.chance(0.08) ? this.bracketed(piece) : piece;
  }

  private write(tree: Tree): Piece {
    switch (tree.op) {
      case 'number':
        return tree.d === 1
          ? { text: String(tree.n), binds: ATOM }
          : this.quotient({ op: 'number', n: tree.n, d: 1 }, { op: 'number', n: tree.d, d: 1 });
      case 'variable':
        return { text: tree.name, binds: ATOM };
      case 'sum':
        return this.sum(tree.args);
      case 'product':
        return this.product(tree.args);
      case 'minus':
        return { text: `-${this.at(tree.of, PRODUCT)}`, binds: SUM };
      case 'root':
        return this.root(tree.of);
      case 'quotient':
        return this.quotient(tree.of, tree.by);
      case 'power':
        return this.power(tree.of, tree.exponent);
      case 'call':
        return { text: this.call(tree.name, this.print(tree.of).text), binds: ATOM };
    }
  }

  private get latex(): boolean {
    return this.notation === 'latex';
  }

  private bracketed({ text }: Piece): Piece {
    const wide = this.latex && this.random.chance(0.5);
    return { text: wide ? `\\left(${text}\\right)` : `(${text})`, binds: ATOM };
  }

  /** In brackets where it would fall apart in this place. */
  private at(tree: Tree, place: number): string {
    const piece = this.print(tree);
    return piece.binds < place ? this.bracketed(piece).text : piece.text;
  }

  private sum(terms: readonly Tree[]): Piece {
    const gap = this.random.chance(0.5) ? ' ' : '';
    const text = this.random.shuffle(terms).reduce((sofar, term) => {
      if (term.op === 'minus') return `${sofar}${gap}-${gap}${this.at(term.of, PRODUCT)}`;
      const written = this.at(term, PRODUCT);
      return sofar === '' ? written : `${sofar}${gap}+${gap}${written}`;
    }, '');
    return { text, binds: SUM };
  }

  private product(factors: readonly Tree[]): Piece {
    const text = this.random.shuffle(factors).reduce((sofar, factor) => {
      const written = this.at(factor, sofar === '' ? PRODUCT : ATOM);
      return sofar === '' ? written : `${sofar}${this.times(sofar, written)}${written}`;
    }, '');
    return { text, binds: PRODUCT };
  }

  /** Nothing at all only where no other meaning is near: not before digits or fractions, not after functions, slashes or powers. */
  private times(before: string, after: string): string {
    const near = /[0-9)]$/.test(before) && /^([xyt(]|\\left\(|\\sqrt)/.test(after);
    const close = near && !/[a-z]{2}|[/^*]/.test(before);
    if (close && this.random.chance(0.5)) return this.latex && this.random.chance(0.3) ? ' ' : '';
    if (!this.latex) return this.random.pick(['*', ' * ', '·']);
    return this.random.pick([' \\cdot ', ' \\times ']);
  }

  private quotient(of: Tree, by: Tree): Piece {
    if (this.latex && this.random.chance(0.8)) {
      const command = this.random.pick(['\\frac', '\\dfrac', '\\tfrac']);
      return { text: `${command}{${this.print(of).text}}{${this.print(by).text}}`, binds: ATOM };
    }
    const slash = this.random.pick(['/', ' / ']);
    return { text: `${this.at(of, PRODUCT)}${slash}${this.at(by, ATOM)}`, binds: PRODUCT };
  }

  private root(of: Tree): Piece {
    if (this.random.chance(0.3)) {
      const half = this.latex ? this.random.pick(['^{1/2}', '^{\\frac{1}{2}}', '^{0.5}']) : '^(1/2)';
      return { text: `${this.base(of)}${half}`, binds: ATOM };
    }
    const radicand = this.print(of).text;
    return { text: this.latex ? `\\sqrt{${radicand}}` : `sqrt(${radicand})`, binds: ATOM };
  }

  private power(of: Tree, exponent: number): Piece {
    if (this.latex) return { text: `${this.base(of)}^{${String(exponent)}}`, binds: ATOM };
    return { text: `${this.base(of)}${this.random.pick(['^', '**'])}${String(exponent)}`, binds: ATOM };
  }

  /** What stands under an exponent: all but numbers and variables in brackets. */
  private base(tree: Tree): string {
    const simple = (tree.op === 'number' && tree.d === 1) || tree.op === 'variable';
    return simple ? this.write(tree).text : this.bracketed(this.print(tree)).text;
  }

  private call(name: Called, of: string): string {
    if (!this.latex) return `${name}(${of})`;
    return (this.random.chance(0.5) ? LATEX_CALLS : OTHER_LATEX_CALLS)[name](of);
  }
}
