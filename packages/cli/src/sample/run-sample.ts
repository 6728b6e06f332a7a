import { createInterface } from 'node:readline/promises';
import type { ChatMessage, Completion } from '@doppio/core';
import { LoraAdapterFactory } from '@doppio/lora-adapter';
import { linearSites, loadModelWeights, StreamingDecoder } from '@doppio/models';
import { createOnnxSampler, type OnnxSampler } from '@doppio/onnx-sampler';
import type { SampleFlags } from '../commands/sample.js';
import { print } from '../print.js';

/** Answers one prompt, or every line of standard input as a turn of a conversation. */
export async function runSample(flags: SampleFlags): Promise<void> {
  await using sampler = await createOnnxSampler({ model: flags.model, chunkTokens: 8, maxRows: 1 });
  if (flags.adapter !== undefined) await sampler.setAdapter(await loadAdapter(flags.model, flags.adapter));
  if (flags.prompt !== undefined) {
    await answer(sampler, [{ role: 'user', content: flags.prompt }], flags, 0);
    return;
  }
  const lines = createInterface({ input: process.stdin, terminal: false });
  const messages: ChatMessage[] = [];
  if (process.stdin.isTTY) process.stderr.write('Type a message; Ctrl-D ends.\n> ');
  for await (const line of lines) {
    if (line.trim() === '') continue;
    messages.push({ role: 'user', content: line });
    const text = await answer(sampler, messages, flags, messages.length);
    if (flags.complete === true) messages.length = 0;
    else messages.push({ role: 'assistant', content: text });
    if (process.stdin.isTTY) process.stderr.write('> ');
  }
}

async function loadAdapter(model: string, folder: string) {
  const weights = await loadModelWeights(model);
  return new LoraAdapterFactory().load(
    { sites: linearSites(weights.config), weights: weights.tensors },
    folder,
  );
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
      maxTokens: flags.maxTokens ?? Math.max(1, Math.min(256, sampler.maxPositions - ids.length)),
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
