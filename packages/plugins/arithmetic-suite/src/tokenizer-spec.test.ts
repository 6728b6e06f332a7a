import { Tokenizer } from '@huggingface/tokenizers';
import { describe, expect, it } from 'vitest';
import { pretrainingExamples } from './problem-stream.js';
import {
  ADDED_TOKENS,
  CHARACTERS,
  tokenIdOf,
  tokenizerConfigJson,
  tokenizerJson,
  VOCABULARY,
} from './tokenizer-spec.js';

const tokenizer = new Tokenizer(tokenizerJson(), tokenizerConfigJson());
const encode = (text: string) => tokenizer.encode(text, { add_special_tokens: false }).ids;

describe('tokenizer', () => {
  it('has 48 different tokens', () => {
    expect(VOCABULARY.length).toBe(48);
    expect(new Set(VOCABULARY).size).toBe(48);
    expect([CHARACTERS.length, ADDED_TOKENS.length]).toEqual([40, 8]);
  });

  it('encodes every token by itself to its id, and back', () => {
    for (const [id, token] of VOCABULARY.entries()) {
      expect(encode(token), JSON.stringify(token)).toEqual([id]);
      expect(tokenizer.decode([id], { skip_special_tokens: false })).toBe(token);
      expect(tokenIdOf(token)).toBe(id);
    }
    expect(tokenIdOf('12')).toBeUndefined();
  });

  it('gives one token a character on chats, and decodes to the same text', () => {
    for (const { question, completionText } of pretrainingExamples(0, 0, 200)) {
      const text = `<|im_start|>user\n${question}<|im_end|>\n<|im_start|>assistant\n${completionText}<|im_end|>`;
      const ids = encode(text);
      expect(ids.length).toBe(8 + question.length + completionText.length - '<think></think>'.length + 3);
      expect(ids.map((id: number) => VOCABULARY[id]).join('')).toBe(text);
      expect(tokenizer.decode(ids, { skip_special_tokens: false })).toBe(text);
    }
  });

  it('leaves out the chat markers only where special tokens are skipped', () => {
    const ids = encode('<|im_start|>assistant\n<think>1=1</think>1<|im_end|><|pad|>');
    expect(tokenizer.decode(ids, { skip_special_tokens: true })).toBe('assistant\n<think>1=1</think>1');
  });

  it('reads each unknown character as the replacement character', () => {
    expect(encode('1aé2')).toEqual([1, 39, 39, 2]);
  });
});
