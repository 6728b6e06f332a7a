import { join } from 'node:path';
import { Tokenizer as Encoder } from '@huggingface/tokenizers';
import { DoppioError, type ChatMessage, type Tokenizer } from '@doppio/core';
import { ChatTemplate } from './chat-template.js';
import { exactPreTokenizers } from './exact-pre-tokenizers.js';
import { readTokenizerFiles, type TokenizerFiles } from './tokenizer-files.js';
import { vocabularyProblem } from './vocabulary.js';

export interface LoadTokenizerOptions {
  /** Jinja text to use instead of the model's own chat template. */
  readonly chatTemplate?: string;
}

/** A tokenizer that also shows conversations as text. */
export interface ChatTokenizer extends Tokenizer {
  /** What {@link Tokenizer.applyChatTemplate} encodes. @throws DoppioError CHAT_TEMPLATE */
  renderChatTemplate(
    messages: readonly ChatMessage[],
    options?: { readonly addGenerationPrompt?: boolean },
  ): string;
}

/**
 * Reads the tokenizer of a model folder in Hugging Face form. Its stop ids are those that
 * `generation_config.json` (or else `config.json`) names, and the tokenizer's own end-of-sequence token.
 * @throws DoppioError TOKENIZER_INVALID naming the file that is missing, damaged or of an unknown kind
 */
export async function loadTokenizer(
  folder: string,
  options: LoadTokenizerOptions = {},
): Promise<ChatTokenizer> {
  const files = await readTokenizerFiles(folder);
  return createTokenizer(createEncoder(files), files, options);
}

function createTokenizer(
  encoder: Encoder,
  files: TokenizerFiles,
  options: LoadTokenizerOptions,
): ChatTokenizer {
  const own = files.chatTemplate;
  const template =
    options.chatTemplate !== undefined
      ? new ChatTemplate(options.chatTemplate, 'option chatTemplate', files.specialTokens)
      : own && new ChatTemplate(own.source, own.where, files.specialTokens);
  const encode = (text: string): Int32Array =>
    Int32Array.from(encoder.encode(text, { add_special_tokens: false }).ids);
  const renderChatTemplate: ChatTokenizer['renderChatTemplate'] = (
    messages,
    { addGenerationPrompt = true } = {},
  ) => {
    if (template === undefined) throw noTemplate(files.folder);
    return template.render(messages, addGenerationPrompt);
  };
  return {
    vocabularySize: vocabularySize(encoder),
    stopIds: stopIds(encoder, files),
    encode,
    decode: (ids, { skipSpecialTokens = false } = {}) => {
      // Ids of padded embedding rows stand for nothing; the library would refuse them, and an empty list.
      const known = Array.from(ids).filter((id) => encoder.id_to_token(id) !== undefined);
      if (known.length === 0) return '';
      return encoder.decode(known, {
        skip_special_tokens: skipSpecialTokens,
        clean_up_tokenization_spaces: false,
      });
    },
    renderChatTemplate,
    applyChatTemplate: (messages, chat) => encode(renderChatTemplate(messages, chat)),
  };
}

function createEncoder({ folder, tokenizer, config }: TokenizerFiles): Encoder {
  const where = join(folder, 'tokenizer.json');
  const problem = vocabularyProblem(tokenizer);
  if (problem !== undefined)
    throw invalid(where, problem, `keys ${Object.keys(tokenizer).slice(0, 12).join(', ') || 'none'}`);
  const complete = {
    added_tokens: [],
    normalizer: null,
    post_processor: null,
    decoder: null,
    ...tokenizer,
    pre_tokenizer: exactPreTokenizers(tokenizer['pre_tokenizer'] ?? null),
  };
  try {
    return new Encoder(complete, config);
  } catch (cause) {
    throw invalid(where, 'the tokenizer is damaged or of a kind that is not supported', String(cause), cause);
  }
}

/** One more than the largest id: added tokens follow the vocabulary, not always without a gap. */
function vocabularySize(encoder: Encoder): number {
  let size = 0;
  for (const id of encoder.get_vocab().values()) size = Math.max(size, id + 1);
  return size;
}

function stopIds(encoder: Encoder, { eosIds, specialTokens }: TokenizerFiles): readonly number[] {
  const eos = specialTokens['eos_token'];
  const own = eos === undefined ? undefined : encoder.token_to_id(eos);
  return [...new Set([...eosIds, ...(own === undefined ? [] : [own])])];
}

function noTemplate(folder: string): DoppioError {
  return new DoppioError('CHAT_TEMPLATE', {
    what: 'the model has no chat template',
    where: folder,
    seen: 'neither chat_template.jinja nor chat_template in tokenizer_config.json',
    fix: 'use an instruction-tuned model, or give a template',
  });
}

function invalid(where: string, what: string, seen: string, cause?: unknown): DoppioError {
  return new DoppioError('TOKENIZER_INVALID', {
    what,
    where,
    seen,
    fix: 'fetch the tokenizer again; it must be a fast tokenizer of Hugging Face (tokenizer.json)',
    ...(cause === undefined ? {} : { cause }),
  });
}
