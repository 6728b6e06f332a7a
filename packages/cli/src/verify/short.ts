/** The beginning of what was seen, fit for a terminal: files that are no text hold control characters. */
export function short(text: string): string {
  const line = text.replace(/[\p{Cc}\uFFFD]/gu, '·');
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
}
