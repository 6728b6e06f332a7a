import { join } from 'node:path';
import { DoppioError } from '@doppio/core';
import { parseJsonObject, readJsonObject, readTextIfPresent } from '../files/read-json.js';
import { showJson } from '../files/show-json.js';
import { isTokenId } from './vocabulary.js';

/** What a model folder says about its tokenizer. */
export interface TokenizerFiles {
  readonly folder: string;
  /** `tokenizer.json` */
  readonly tokenizer: Record<string, unknown>;
  /** `tokenizer_config.json`, empty where there is none. */
  readonly config: Record<string, unknown>;
  readonly chatTemplate: { readonly source: string; readonly where: string } | undefined;
  /** `bos_token`, `eos_token`, `pad_token`, `unk_token`: those that are set. */
  readonly specialTokens: Readonly<Record<string, string>>;
  /** Ids that `generation_config.json`, or else `config.json`, says end a text. */
  readonly eosIds: readonly number[];
}

const CODE = 'TOKENIZER_INVALID';

/** @throws DoppioError TOKENIZER_INVALID naming a file that is missing or cannot be read */
export async function readTokenizerFiles(folder: string): Promise<TokenizerFiles> {
  const tokenizer = await readJsonObject(join(folder, 'tokenizer.json'), CODE);
  const config = (await readOptional(folder, 'tokenizer_config.json')) ?? {};
  const map = (await readOptional(folder, 'special_tokens_map.json')) ?? {};
  const generation = await readOptional(folder, 'generation_config.json');
  const model = await readOptional(folder, 'config.json');
  return {
    folder,
    tokenizer,
    config,
    chatTemplate: await readChatTemplate(folder, config),
    specialTokens: specialTokens({ ...map, ...withoutNull(config) }),
    eosIds:
      eosIds(generation, join(folder, 'generation_config.json')) ??
      eosIds(model, join(folder, 'config.json')) ??
      [],
  };
}

async function readOptional(folder: string, name: string): Promise<Record<string, unknown> | undefined> {
  const path = join(folder, name);
  const text = await readTextIfPresent(path, CODE);
  return text === undefined ? undefined : parseJsonObject(text, path, CODE);
}

/** A file of its own comes before the configuration's key, as in Transformers. */
async function readChatTemplate(
  folder: string,
  config: Readonly<Record<string, unknown>>,
): Promise<TokenizerFiles['chatTemplate']> {
  const path = join(folder, 'chat_template.jinja');
  const source = await readTextIfPresent(path, CODE);
  if (source !== undefined) return { source, where: path };
  const where = `${join(folder, 'tokenizer_config.json')}, chat_template`;
  const value = config['chat_template'];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return { source: value, where };
  const named = (Array.isArray(value) ? value : []) as ({ name?: unknown; template?: unknown } | null)[];
  // Without a default one, which of several is meant is not to be guessed.
  const found =
    named.find((entry) => entry?.name === 'default') ?? (named.length === 1 ? named[0] : undefined);
  if (typeof found?.template === 'string') return { source: found.template, where };
  throw new DoppioError(CODE, {
    what: 'chat_template must be text or a list of named templates, one of them named default',
    where,
    seen: showJson(value),
    fix: 'correct the file, or put the template into chat_template.jinja',
  });
}

/** Tokens are written as text or as `{ content }`. */
function specialTokens(config: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const tokens: Record<string, string> = {};
  for (const key of ['bos_token', 'eos_token', 'pad_token', 'unk_token']) {
    const value = config[key];
    const content =
      typeof value === 'object' && value !== null ? (value as { content?: unknown }).content : value;
    if (typeof content === 'string') tokens[key] = content;
  }
  return tokens;
}

function withoutNull(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}

function eosIds(
  json: Readonly<Record<string, unknown>> | undefined,
  where: string,
): readonly number[] | undefined {
  const value = json?.['eos_token_id'];
  if (value === undefined || value === null) return undefined;
  const ids: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (!ids.every(isTokenId))
    // Left out, the model would not stop where it should.
    throw new DoppioError(CODE, {
      what: 'eos_token_id must be a token id or a list of them',
      where,
      seen: showJson(value),
      fix: 'compare it with the file that the model was published with',
    });
  return ids.length > 0 ? ids : undefined;
}
