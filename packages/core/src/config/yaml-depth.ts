import { Lexer, Parser } from 'yaml';

/**
 * Whether values in a YAML text are nested deeper than `limit`. To be looked at before the text is composed: composing
 * recurses, and where the stack is nearly used up Node may abort the whole process instead of throwing. Reading
 * stops as soon as the answer is known.
 */
export function yamlDepthExceeds(text: string, limit: number): boolean {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    const tokens = parser.next(lexeme);
    while (!(tokens.next().done ?? false));
    // What is open now: the document, one entry for each level, and the scalar being read.
    if (parser.stack.length > limit + 2) return true;
  }
  return false;
}
