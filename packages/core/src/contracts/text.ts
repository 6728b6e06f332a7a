/** One turn of a conversation, as chat templates take it. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant' | (string & {});
  readonly content: string;
}

/** Text to token ids and back, with the model's chat template. Implementations are pure and synchronous. */
export interface Tokenizer {
  /** Number of ids the model knows (its embedding may be padded beyond the vocabulary). */
  readonly vocabularySize: number;
  /** Ids that end a completion. */
  readonly stopIds: readonly number[];
  /** Token ids of the text, without automatically added special tokens. */
  encode(text: string): Int32Array;
  decode(ids: ArrayLike<number>, options?: { readonly skipSpecialTokens?: boolean }): string;
  /** Renders and encodes a conversation; `addGenerationPrompt` (default true) opens the assistant's turn. */
  applyChatTemplate(
    messages: readonly ChatMessage[],
    options?: { readonly addGenerationPrompt?: boolean },
  ): Int32Array;
}
