const most = 40;

/** A text from outside in a message: in quotation marks, short, and without control characters. */
export function quote(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return JSON.stringify(text.length > most ? `${text.slice(0, most)}…` : text);
}
