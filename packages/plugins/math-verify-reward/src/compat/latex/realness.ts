/** Marks of complex numbers and of linear algebra: where one occurs, symbols are not taken for real numbers. */
const MARKS: readonly string[] = [
  '\\mathbb{C}',
  '\\text{i}',
  '\\mathrm{i}',
  '\\det',
  '\\operatorname{tr}',
  '\\operatorname{rank}',
  '\\text{rank}',
  '\\arg{',
  '\\Re{',
  '\\Im{',
  '\\operatorname{Re}',
  '\\operatorname{Im}',
  '\\text{Re}',
  '\\text{Im}',
];

export function isComplex(latex: string): boolean {
  return hasLoneI(latex) || MARKS.some((mark) => latex.includes(mark));
}

/** An i with no letter, digit or underscore beside it, or the command of the dotless one. */
function hasLoneI(latex: string): boolean {
  for (let at = latex.indexOf('i'); at !== -1; at = latex.indexOf('i', at + 1)) {
    if (!isWordCharacter(latex.charAt(at - 1)) && !isWordCharacter(latex.charAt(at + 1))) return true;
    if (latex.startsWith('\\imath', at - 1) && !isWordCharacter(latex.charAt(at + 5))) return true;
  }
  return false;
}

const WORD_CHARACTER = /[\p{L}\p{N}_]/u;

function isWordCharacter(character: string): boolean {
  return WORD_CHARACTER.test(character);
}
