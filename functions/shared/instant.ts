/**
 * An alarm timestamp as CloudWatch writes it ("2019-10-02T17:04:40.989+0000") in ISO 8601, UTC.
 * @returns undefined when the text is no instant
 */
export function toIsoInstant(text: string): string | undefined {
  const time = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
