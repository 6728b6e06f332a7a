import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatMessage } from '@doppio/core';
import { loadTokenizer, type ChatTokenizer } from './load-tokenizer.js';
import { StreamingDecoder } from './streaming-decoder.js';

const shared = fileURLToPath(new URL('../../../../../shared', import.meta.url));
const folders = {
  qwen: join(shared, 'models/r1-distill-qwen-1.5b'),
  smollm2: join(shared, 'models/smollm2-135m-instruct'),
};

interface Fixture {
  readonly cases: readonly { text: string; ids: number[]; decoded: string; decodedSkipSpecial: string }[];
  readonly streams: readonly { ids: number[]; prefixes: string[] }[];
  readonly decodes: readonly { ids: number[]; decoded: string; decodedSkipSpecial: string }[];
}
interface Chats {
  readonly conversations: readonly { messages: ChatMessage[] }[];
  readonly cases: readonly {
    conversation: number;
    template: 'smollm2' | 'r1-distill' | 'tina-training';
    addGenerationPrompt: boolean;
    text: string;
    ids: number[];
  }[];
}
const read = (name: string): unknown => JSON.parse(readFileSync(join(shared, 'fixtures/text', name), 'utf8'));

/** The Tina project's training template: no think prefix, assistant turns kept whole. */
const tinaTemplate = `{%- set ns = namespace(system='') -%}
{%- for m in messages if m.role == 'system' -%}{%- set ns.system = m.content -%}{%- endfor -%}
{{- bos_token + ns.system -}}
{%- for m in messages -%}
{%- if m.role == 'user' -%}{{- '<｜User｜>' + m.content -}}
{%- elif m.role == 'assistant' -%}{{- '<｜Assistant｜>' + m.content + eos_token -}}{%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- '<｜Assistant｜>' -}}{%- endif -%}`;

describe.skipIf(!existsSync(folders.qwen))('tokenizers of real models (needs the shared material)', () => {
  let tokenizers: Record<'qwen' | 'smollm2', ChatTokenizer>;
  beforeAll(async () => {
    tokenizers = { qwen: await loadTokenizer(folders.qwen), smollm2: await loadTokenizer(folders.smollm2) };
  });

  describe.each(['qwen', 'smollm2'] as const)('%s', (name) => {
    let fixture: Fixture;
    beforeAll(() => {
      fixture = read(`tokenizer-${name}.json`) as Fixture;
    });

    it('encodes and decodes as the reference does', () => {
      const { encode, decode } = tokenizers[name];
      for (const { text, ids, decoded, decodedSkipSpecial } of fixture.cases) {
        expect([...encode(text)], JSON.stringify(text)).toEqual(ids);
        expect(decode(ids)).toBe(decoded);
        expect(decode(Int32Array.from(ids), { skipSpecialTokens: true })).toBe(decodedSkipSpecial);
      }
    });

    it('decodes any ids, incomplete characters included', () => {
      const { decode } = tokenizers[name];
      for (const { ids, decoded, decodedSkipSpecial } of fixture.decodes) {
        expect(decode(ids)).toBe(decoded);
        expect(decode(ids, { skipSpecialTokens: true })).toBe(decodedSkipSpecial);
      }
    });

    it('streams text that never changes', () => {
      for (const { ids, prefixes } of fixture.streams) {
        const decoder = new StreamingDecoder(tokenizers[name]);
        let collected = '';
        ids.forEach((id, i) => {
          collected += decoder.push([id]);
          expect(decoder.text).toBe((prefixes[i] as string).replace(/\uFFFD+$/, ''));
          expect(decoder.text).toBe(collected);
        });
        expect(collected + decoder.finish()).toBe(prefixes.at(-1));
      }
    });

    it('streams the same text however the ids are cut', () => {
      for (const { ids } of [...fixture.cases, ...fixture.decodes]) {
        const whole = tokenizers[name].decode(ids);
        for (const size of [1, 2, 3, 7]) {
          const decoder = new StreamingDecoder(tokenizers[name]);
          for (let i = 0; i < ids.length; i += size) {
            decoder.push(ids.slice(i, i + size));
            expect(whole.startsWith(decoder.text)).toBe(true);
          }
          decoder.finish();
          expect(decoder.text).toBe(whole);
        }
      }
    });
  });

  it('knows stop ids and vocabulary sizes', () => {
    expect(tokenizers.qwen.stopIds).toEqual([151643]);
    expect(tokenizers.smollm2.stopIds).toEqual([2]);
    expect(tokenizers.qwen.vocabularySize).toBe(151665);
    expect(tokenizers.smollm2.vocabularySize).toBe(49152);
  });

  it('ignores ids of padded embedding rows', () => {
    expect(tokenizers.qwen.decode([151900, 9707, 151935])).toBe('Hello');
    expect(tokenizers.qwen.decode([151900])).toBe('');
  });

  it('renders and encodes conversations as Transformers does', async () => {
    const { cases, conversations } = read('chat-templates.json') as Chats;
    const byTemplate = {
      smollm2: tokenizers.smollm2,
      'r1-distill': tokenizers.qwen,
      'tina-training': await loadTokenizer(folders.qwen, { chatTemplate: tinaTemplate }),
    };
    for (const { conversation, template, addGenerationPrompt, text, ids } of cases) {
      const messages = conversations[conversation]?.messages as ChatMessage[];
      const tokenizer = byTemplate[template];
      expect(tokenizer.renderChatTemplate(messages, { addGenerationPrompt })).toBe(text);
      expect([...tokenizer.applyChatTemplate(messages, { addGenerationPrompt })]).toEqual(ids);
    }
    expect(cases).toHaveLength(156);
  });

  it('passes on what a template says about messages it refuses', () => {
    expect(() => tokenizers.qwen.applyChatTemplate([{ role: 'tool', content: '' }])).toThrow(
      /CHAT_TEMPLATE[\s\S]*refuses the conversation[\s\S]*only system, user and assistant/,
    );
  });
});

describe('a small tokenizer', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'doppio-tokenizer-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const small = {
    model: { type: 'BPE', vocab: { a: 0, b: 1, ab: 2 }, merges: ['a b'] },
    added_tokens: [{ id: 5, content: '<end>', special: true }],
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false },
    decoder: { type: 'ByteLevel' },
  };
  let number = 0;
  async function written(files: Record<string, unknown>): Promise<string> {
    const place = join(folder, String((number += 1)));
    await mkdir(place);
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(place, name), typeof content === 'string' ? content : JSON.stringify(content));
    }
    return place;
  }

  it('works without any file but tokenizer.json, but then has no chat template', async () => {
    const place = await written({ 'tokenizer.json': small });
    const tokenizer = await loadTokenizer(place);
    expect([...tokenizer.encode('abba<end>')]).toEqual([2, 1, 0, 5]);
    expect(tokenizer.decode([2, 5], { skipSpecialTokens: true })).toBe('ab');
    expect(tokenizer.vocabularySize).toBe(6);
    expect(tokenizer.stopIds).toEqual([]);
    expect(() => tokenizer.applyChatTemplate([])).toThrow(/no chat template/);
  });

  it('collects stop ids: generation_config before config, and the end token', async () => {
    const config = { eos_token: { content: '<end>' } };
    const place = await written({
      'tokenizer.json': small,
      'tokenizer_config.json': config,
      'config.json': { eos_token_id: 1 },
    });
    expect((await loadTokenizer(place)).stopIds).toEqual([1, 5]);
    await writeFile(join(place, 'generation_config.json'), '{"eos_token_id":[0,5]}');
    expect((await loadTokenizer(place)).stopIds).toEqual([0, 5]);
  });

  it('takes the template of the file, of the list named default, or the one given', async () => {
    const named = [
      { name: 'tool_use', template: 'a' },
      { name: 'default', template: 'b' },
    ];
    const place = await written({
      'tokenizer.json': small,
      'tokenizer_config.json': { chat_template: named },
    });
    expect((await loadTokenizer(place)).renderChatTemplate([])).toBe('b');
    await writeFile(join(place, 'chat_template.jinja'), 'ab');
    expect((await loadTokenizer(place)).renderChatTemplate([])).toBe('ab');
    expect((await loadTokenizer(place, { chatTemplate: 'a{{ 1 + 1 }}' })).renderChatTemplate([])).toBe('a2');
    const broken = await loadTokenizer(place, { chatTemplate: '{% if %}' });
    expect(() => broken.renderChatTemplate([])).toThrow(/CHAT_TEMPLATE[\s\S]*cannot be read/);
  });

  it('says which file is missing', async () => {
    await expect(loadTokenizer(await written({}))).rejects.toMatchObject({
      code: 'MODEL_MISSING',
      message: expect.stringMatching(/missing[\s\S]*tokenizer\.json/) as string,
    });
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['cut JSON', { 'tokenizer.json': '{"model": {' }, /valid JSON[\s\S]*tokenizer\.json/],
    ['a pointer file', { 'tokenizer.json': 'version https://git-lfs.github.com/spec/v1' }, /valid JSON/],
    ['a list', { 'tokenizer.json': '[]' }, /JSON object/],
    ['no model', { 'tokenizer.json': { version: '1.0' } }, /no model with a vocabulary[\s\S]*version/],
    [
      'an unknown kind',
      { 'tokenizer.json': { ...small, decoder: { type: 'Telepathy' } } },
      /not supported[\s\S]*Telepathy/,
    ],
    ['no merges', { 'tokenizer.json': { ...small, model: { type: 'BPE', vocab: {} } } }, /damaged/],
    [
      'a bad configuration',
      { 'tokenizer.json': small, 'tokenizer_config.json': 'x' },
      /tokenizer_config\.json/,
    ],
    [
      'a bad template',
      { 'tokenizer.json': small, 'tokenizer_config.json': { chat_template: 3 } },
      /chat_template must/,
    ],
    [
      'a template that is null',
      { 'tokenizer.json': small, 'tokenizer_config.json': { chat_template: [null] } },
      /chat_template must/,
    ],
    [
      'several templates of which none is the default',
      {
        'tokenizer.json': small,
        'tokenizer_config.json': {
          chat_template: [
            { name: 'rag', template: 'a' },
            { name: 'tool_use', template: 'b' },
          ],
        },
      },
      /one of them named default[\s\S]*rag/,
    ],
    [
      'a huge id',
      { 'tokenizer.json': { ...small, model: { ...small.model, vocab: { a: 1e9 } } } },
      /a token's id is none: "a" has 1000000000/,
    ],
    [
      'an id of text',
      { 'tokenizer.json': { ...small, model: { ...small.model, vocab: { a: '1' } } } },
      /"a" has "1"/,
    ],
    [
      'an added token without id',
      { 'tokenizer.json': { ...small, added_tokens: [{ content: 'x' }] } },
      /added token/,
    ],
    [
      'added tokens of text',
      { 'tokenizer.json': { ...small, added_tokens: 'x' } },
      /added_tokens is no list/,
    ],
    [
      'an added token of null',
      { 'tokenizer.json': { ...small, added_tokens: [null] } },
      /added token without/,
    ],
    [
      'stop ids below 0',
      { 'tokenizer.json': small, 'generation_config.json': { eos_token_id: [2, -1] } },
      /eos_token_id must[\s\S]*generation_config\.json[\s\S]*\[2,-1\]/,
    ],
    [
      'a stop id of text',
      { 'tokenizer.json': small, 'config.json': { eos_token_id: '2' } },
      /eos_token_id must[\s\S]*config\.json/,
    ],
  ])('refuses %s', async (_, files, message) => {
    await expect(loadTokenizer(await written(files))).rejects.toMatchObject({
      code: 'TOKENIZER_INVALID',
      message: expect.stringMatching(message) as string,
    });
  });
});
