import { basename } from 'node:path';
import type { ChatMessage } from '@doppio/core';
import { loadTokenizer, type ChatTokenizer } from '@doppio/models';
import { differs } from './errors.js';
import { casesHave, listOf, tokenizerFolders, type Checker } from './fixture.js';
import { skipped, Tally } from './tally.js';

interface ChatCase {
  readonly conversation: number;
  readonly template: string;
  readonly addGenerationPrompt: boolean;
  readonly text: string;
  readonly ids: readonly number[];
}

/** The training template that `about` describes in words; a folder's own template is used for the others. */
const trainingTemplate = `{%- set state = namespace(system='') -%}
{%- for message in messages if message.role == 'system' -%}{%- set state.system = message.content -%}{%- endfor -%}
{{- bos_token + state.system -}}
{%- for message in messages -%}
{%- if message.role == 'user' -%}{{- '<｜User｜>' + message.content -}}{%- endif -%}
{%- if message.role == 'assistant' -%}{{- '<｜Assistant｜>' + message.content + eos_token -}}{%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- '<｜Assistant｜>' -}}{%- endif -%}`;

/** Names of templates that no folder has: whose tokenizer they go with, and their text. */
const ownTemplates: Readonly<Record<string, { readonly tokenizer: string; readonly template: string }>> = {
  'tina-training': { tokenizer: 'r1-distill', template: trainingTemplate },
};

export const chatTemplatesChecker: Checker = {
  kind: 'chat templates',
  recognises: (fixture) =>
    casesHave(fixture, 'conversation', 'template', 'text') || /chat/.test(fixture.name),
  check: async (fixture) => {
    const cases = listOf<ChatCase>(fixture, 'cases');
    const conversations = listOf<{
      readonly conversation?: number;
      readonly messages: readonly ChatMessage[];
    }>(fixture, 'conversations');
    const folders = await tokenizerFolders(fixture);
    const tokenizers = new Map<string, ChatTokenizer>();
    const tally = new Tally();
    for (const name of new Set(cases.map(({ template }) => template))) {
      const own = ownTemplates[name];
      const folder = folders.find((path) => basename(path).startsWith(own?.tokenizer ?? name));
      if (folder === undefined) tally.note(`${name}: tokenizer not found, skipped`);
      else
        tokenizers.set(
          name,
          await loadTokenizer(folder, own === undefined ? {} : { chatTemplate: own.template }),
        );
    }
    if (tokenizers.size === 0) return skipped('tokenizer not found');
    cases.forEach(({ conversation, template, addGenerationPrompt, text, ids }, i) => {
      const tokenizer = tokenizers.get(template);
      if (tokenizer === undefined) return;
      const { messages = [] } =
        conversations.find((each) => each.conversation === conversation) ?? conversations[conversation] ?? {};
      const what = `case ${String(i)}, ${template}`;
      tally.add(
        `${what}, text`,
        tokenizer.renderChatTemplate(messages, { addGenerationPrompt }) === text ? 0 : 1,
        0,
      );
      tally.add(
        `${what}, ids`,
        differs(tokenizer.applyChatTemplate(messages, { addGenerationPrompt }), ids),
        0,
      );
    });
    return tally.outcome();
  },
};
