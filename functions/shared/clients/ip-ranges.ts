import { PlaybookError } from '../errors';

/** The document cannot be had: the answer is not 200, or larger than it may be. */
export class IpRangesError extends PlaybookError {}

/** Larger than the document is (about 2 MB), in bytes. */
const mostBytes = 16_000_000;
const longestMs = 5_000;

/** The ranges that AWS publishes, as text. Source: VPC user guide, "AWS IP address ranges". */
export const ipRanges = {
  /** @throws IpRangesError; or what fetch throws, also after five seconds */
  read: async (url: string): Promise<string> => {
    const { ok, status, body } = await fetch(url, { signal: AbortSignal.timeout(longestMs), redirect: 'error' });
    if (!ok || !body) throw new IpRangesError(`${url} answers with status ${status}.`);
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of body) {
      size += part.length;
      if (size > mostBytes) throw new IpRangesError(`${url} has more than ${mostBytes} bytes.`);
      parts.push(part);
    }
    return Buffer.concat(parts).toString('utf8');
  },
};
