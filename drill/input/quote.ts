const most = 40;

/** Text from outside, for a message: quoted, shortened, without control characters. */
export function quote(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return JSON.stringify(text.length > most ? `${text.slice(0, most)}…` : text);
}
