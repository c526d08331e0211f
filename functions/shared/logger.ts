import { systemClock } from './clock';

type Fields = Record<string, string | undefined>;

/** Not the global console: Lambda's adds a level and an ID in front, so the line would not be valid JSON. */
const out = (line: string): void => void process.stdout.write(`${line}\n`);

function write(level: 'INFO' | 'ERROR', message: string, fields: Fields): void {
  // The trace ID leads from a line to the trace of its execution; source: X-Ray developer guide, "Tracing header".
  const trace = /Root=([^;]+)/.exec(process.env._X_AMZN_TRACE_ID ?? '')?.[1];
  const timestamp = systemClock.now().toISOString();
  const line = { level, message, timestamp, service: 'incident-playbooks', ...fields, xray_trace_id: trace };
  logger.console[level === 'ERROR' ? 'error' : 'info'](JSON.stringify(line));
}

/**
 * One JSON object per line, with the field names of Powertools for AWS Lambda; only fields that a step names are written,
 * never its raw input. A step needs only two levels, and a logger library took a tenth of a cold start.
 */
export const logger = {
  console: { info: out, error: out },
  info: (message: string, fields: Fields) => write('INFO', message, fields),
  error: (message: string, fields: Fields) => write('ERROR', message, fields),
};
