import type { LogEvent } from '../group';
import type { Row } from './query';

/** Source: CloudWatch Logs user guide, "Supported logs and discovered fields", Amazon VPC flow logs. */
const flowFields = [
  'version',
  'accountId',
  'interfaceId',
  'srcAddr',
  'dstAddr',
  'srcPort',
  'dstPort',
  'protocol',
  'packets',
  'bytes',
  'startTime',
  'endTime',
  'action',
  'logStatus',
];
/** Version, account, interface, and what a default flow log record has besides. */
const flowRecord = /^2 \d{12} eni-\S+( \S+){11}$/;

/** The fields that Logs Insights discovers in a line: those of a flow log, or of JSON by their dotted names. */
export function rowOf({ at, message, stream }: LogEvent): Row {
  const own = { '@timestamp': stampOf(at), '@message': message, '@logStream': stream };
  if (flowRecord.test(message)) {
    const words = message.split(' ');
    // A record without data has `-` in its place, and no such field.
    return {
      ...Object.fromEntries(flowFields.flatMap((name, i) => (words[i] === '-' ? [] : [[name, words[i]]]))),
      ...own,
    };
  }
  return { ...(message.startsWith('{') ? flat(message) : {}), ...own };
}

/** `2026-03-02 09:00:00.000`, as Logs Insights writes it. */
const stampOf = (at: number) => new Date(at).toISOString().replace('T', ' ').replace('Z', '');

function flat(message: string): Row {
  const found: Record<string, string> = {};
  const visit = (value: unknown, name: string): void => {
    if (value === null || value === undefined) return;
    if (typeof value !== 'object') found[name] = String(value);
    else for (const [key, inner] of Object.entries(value)) visit(inner, name === '' ? key : `${name}.${key}`);
  };
  try {
    visit(JSON.parse(message), '');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return found;
}
