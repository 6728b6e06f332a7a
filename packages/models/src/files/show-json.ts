/** A value from a file as short text for an error. Files come from elsewhere: it may be long, or nested without end. */
export function showJson(value: unknown, length = 100): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    return 'a value nested too deeply to show';
  }
  if (text === undefined) return 'nothing';
  return text.length > length ? `${text.slice(0, length)}...` : text;
}
