type Json = Readonly<Record<string, unknown>>;

/** The pattern that the byte-level pre-tokenizer of GPT-2 splits by. */
const GPT2_PATTERN = "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

/**
 * Says two pre-tokenizers in terms of `Split`, which @huggingface/tokenizers translates exactly from the
 * reference's regular expressions, while its own versions of them use JavaScript's classes:
 * - `Digits` there splits at ASCII digits only; the reference at every numeric character (\p{N}: ½, Ⅷ, ٣);
 * - `ByteLevel` with its built-in pattern takes U+FEFF for whitespace and U+0085 for none; the reference the
 *   other way round. (With a prefix space the pattern comes after that space: left as it is.)
 */
export function exactPreTokenizers(preTokenizer: unknown): unknown {
  if (typeof preTokenizer !== 'object' || preTokenizer === null) return preTokenizer;
  const node = preTokenizer as Json;
  switch (node['type']) {
    case 'Sequence': {
      const inner = node['pretokenizers'];
      return Array.isArray(inner) ? { ...node, pretokenizers: inner.map(exactPreTokenizers) } : node;
    }
    case 'Digits':
      return split(node['individual_digits'] === true ? '\\p{N}' : '\\p{N}+');
    case 'ByteLevel':
      if (node['use_regex'] === false || node['add_prefix_space'] === true) return node;
      return { type: 'Sequence', pretokenizers: [split(GPT2_PATTERN), { ...node, use_regex: false }] };
    default:
      return node;
  }
}

function split(pattern: string): Json {
  return { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false };
}
