import { createInterface } from 'node:readline/promises';
import type { ChatMessage, Completion } from '@doppio/core';
import { createOnnxSampler, type OnnxSampler } from '@doppio/onnx-sampler';
import { StreamingDecoder } from '@doppio/models';
import type { SampleFlags } from '../commands/sample.js';
import { print } from '../print.js';
import { loadAdapter } from './load-adapter.js';

/** Tokens that an answer may have where no flag says it, if the model has that many positions. */
const MAX_TOKENS = 256;

/** Answers one prompt, or every line of standard input as a turn of a conversation. */
export async function runSample(flags: SampleFlags): Promise<void> {
  await using sampler = await createOnnxSampler({
    model: flags.model,
    chunkTokens: 8,
    maxRows: 1,
    // One completion at a time: all threads on it.
    replicas: 1,
  });
  if (flags.adapter !== undefined) await sampler.setAdapter(await loadAdapter(flags.model, flags.adapter));
  if (flags.prompt !== undefined) {
    await answer(sampler, [{ role: 'user', content: flags.prompt }], flags, 0);
    return;
  }
  const lines = createInterface({ input: process.stdin, terminal: false });
  const prompt = (): void => {
    if (process.stdin.isTTY) process.stderr.write('> ');
  };
  let messages: readonly ChatMessage[] = [];
  let turn = 0;
  let told = false;
  if (process.stdin.isTTY) process.stderr.write('Type a message; Ctrl-D ends.\n');
  prompt();
  for await (const line of lines) {
    if (line.trim() !== '') {
      const asked: ChatMessage = { role: 'user', content: line };
      const heard = flags.complete === true ? [asked] : thatFit(sampler, [...messages, asked], flags);
      if (heard.length <= messages.length && flags.complete !== true && !told) {
        told = true;
        process.stderr.write(
          `(the model has ${String(sampler.maxPositions)} positions: from now on the oldest messages are left out)\n`,
        );
      }
      turn += 1;
      const content = await answer(sampler, heard, flags, turn);
      messages = [...heard, { role: 'assistant', content }];
    }
    prompt();
  }
  if (process.stdin.isTTY) process.stderr.write('\n');
}

/** The conversation without its oldest turns, where otherwise no room would be left for an answer. */
function thatFit(
  sampler: OnnxSampler,
  messages: readonly ChatMessage[],
  { maxTokens }: SampleFlags,
): readonly ChatMessage[] {
  const room = maxTokens ?? Math.min(MAX_TOKENS, Math.floor(sampler.maxPositions / 2));
  let kept = messages;
  // A question and its answer at a time.
  while (kept.length > 2 && sampler.tokenizer.applyChatTemplate(kept).length + room > sampler.maxPositions)
    kept = kept.slice(2);
  return kept;
}

async function answer(
  sampler: OnnxSampler,
  messages: readonly ChatMessage[],
  flags: SampleFlags,
  turn: number,
): Promise<string> {
  const { tokenizer } = sampler;
  const last = messages.at(-1) as ChatMessage;
  const ids =
    flags.complete === true ? tokenizer.encode(last.content) : tokenizer.applyChatTemplate(messages);
  const decoder = new StreamingDecoder(tokenizer);
  const { completions } = await sampler.sample({
    prompts: [{ ids, samples: 1, index: turn }],
    parameters: {
      temperature: flags.temperature,
      topK: flags.topK,
      topP: flags.topP,
      minP: flags.minP,
      maxTokens: flags.maxTokens ?? Math.max(1, Math.min(MAX_TOKENS, sampler.maxPositions - ids.length)),
    },
    key: { seed: flags.seed, purpose: 'sample', step: 0 },
    onTokens: (_prompt, _sample, added) => {
      if (flags.json !== true)
        process.stdout.write(decoder.push(added.filter((id) => !tokenizer.stopIds.includes(id))));
    },
  });
  const completion = completions[0]?.[0] as Completion;
  const text = tokenizer.decode(
    completion.finishReason === 'stop' ? completion.ids.subarray(0, -1) : completion.ids,
  );
  if (flags.json === true)
    print(
      JSON.stringify({
        prompt: last.content,
        completion: text,
        tokens: completion.ids.length,
        finishReason: completion.finishReason,
      }),
    );
  else print(decoder.finish());
  return text;
}
