import { Template } from '@huggingface/jinja';
import { DoppioError, type ChatMessage } from '@doppio/core';

/** A model's chat template: renders a conversation as text. */
export class ChatTemplate {
  private compiled: Template | undefined;

  /**
   * @param source Jinja text
   * @param where file it comes from, for errors
   * @param specialTokens `bos_token`, `eos_token`, ... as templates use them
   */
  constructor(
    private readonly source: string,
    private readonly where: string,
    private readonly specialTokens: Readonly<Record<string, string>>,
  ) {}

  /** @throws DoppioError CHAT_TEMPLATE for a template that cannot be read, or one that refuses the conversation */
  render(messages: readonly ChatMessage[], addGenerationPrompt: boolean): string {
    try {
      this.compiled ??= new Template(this.source);
      return this.compiled.render({
        messages: messages.map((message) => ({ ...message })),
        add_generation_prompt: addGenerationPrompt,
        tools: null,
        documents: null,
        ...this.specialTokens,
      });
    } catch (cause) {
      throw new DoppioError('CHAT_TEMPLATE', {
        what:
          this.compiled === undefined
            ? 'the chat template cannot be read'
            : 'the chat template refuses the conversation',
        where: this.where,
        seen: cause instanceof Error ? cause.message : String(cause),
        fix: 'check the roles of the messages, or give another template',
        cause,
      });
    }
  }
}
