/**
 * Converts an alarm timestamp from CloudWatch ("2019-10-02T17:04:40.989+0000") to ISO 8601, UTC.
 * @returns undefined if the text is not a timestamp
 */
export function toIsoInstant(text: string): string | undefined {
  const time = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
