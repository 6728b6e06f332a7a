/** The 40 single characters, ids 0 to 39. The last one stands for whatever is not in the vocabulary. */
export const CHARACTERS = [...'0123456789+-*/=?(),;:.%^<>[]{}!&|#$@~_ \uFFFD'] as const;

/** Tokens of more than a character (and the newline), ids 40 to 47. */
export const ADDED_TOKENS = [
  '<|pad|>',
  '<|im_start|>',
  '<|im_end|>',
  '<think>',
  '</think>',
  'user',
  'assistant',
  '\n',
] as const;

/** 48: characters, then added tokens. */
export const VOCABULARY: readonly string[] = [...CHARACTERS, ...ADDED_TOKENS];

export const PAD_TOKEN = '<|pad|>';
export const START_TOKEN = '<|im_start|>';
export const STOP_TOKEN = '<|im_end|>';
export const UNKNOWN_TOKEN = '\uFFFD';

/** Left out of decoded text where special tokens are skipped. Think tags and roles are text and stay. */
const SPECIAL: readonly string[] = [PAD_TOKEN, START_TOKEN, STOP_TOKEN];

/** ChatML. Messages are rendered as they are, think sections included. */
export const CHAT_TEMPLATE =
  "{% for message in messages %}{% if message['role'] not in ['user', 'assistant'] %}" +
  "{{ raise_exception('This model knows the roles user and assistant only') }}{% endif %}" +
  "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

/** The id of a token. Undefined for text that is not one token of the vocabulary. */
export function tokenIdOf(token: string): number | undefined {
  const id = VOCABULARY.indexOf(token);
  return id < 0 ? undefined : id;
}

/** Contents of `tokenizer.json`: BPE without merges, so that every character is a token of its own. */
export function tokenizerJson() {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: ADDED_TOKENS.map((content, i) => ({ id: CHARACTERS.length + i, ...addedToken(content) })),
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: { type: 'Fuse' },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: UNKNOWN_TOKEN,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(CHARACTERS.map((character, id) => [character, id])),
      merges: [] as string[],
    },
  };
}

/** Contents of `tokenizer_config.json`. */
export function tokenizerConfigJson() {
  return {
    tokenizer_class: 'PreTrainedTokenizerFast',
    added_tokens_decoder: Object.fromEntries(
      ADDED_TOKENS.map((content, i) => [String(CHARACTERS.length + i), addedToken(content)]),
    ),
    bos_token: null,
    eos_token: STOP_TOKEN,
    pad_token: PAD_TOKEN,
    unk_token: UNKNOWN_TOKEN,
    add_bos_token: false,
    clean_up_tokenization_spaces: false,
    model_max_length: 128,
    chat_template: CHAT_TEMPLATE,
  };
}

/** Contents of `special_tokens_map.json`. */
export function specialTokensMapJson() {
  return { eos_token: STOP_TOKEN, pad_token: PAD_TOKEN, unk_token: UNKNOWN_TOKEN };
}

function addedToken(content: string) {
  return {
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: SPECIAL.includes(content),
  };
}
