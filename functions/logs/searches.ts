import type { LogSettings } from './settings';

/** How the sources of one kind of alarm are found in a log. */
export interface Search {
  /** The log group, or nothing where the stage names none. */
  logGroup: string;
  /** The log in words. */
  log: string;
  /** A query of Logs Insights whose rows have `ip` and what is counted. */
  query: string;
  /** The field that decides, and its least value for an address to count as a source. */
  counted: 'lines' | 'ports' | 'bytes';
  least: number;
}

/** How many addresses a query gives at most. */
export const mostRows = 100;

/** Addresses that are never on the internet: they are not asked for, so that they crowd out no others. */
const notPrivate = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']
  .map((range) => `not isIpv4InSubnet(srcAddr, "${range}")`)
  .join(' and ');

const flowQuery = (action: 'ACCEPT' | 'REJECT', counted: Search['counted']) =>
  [
    `filter action = "${action}" and ${notPrivate}`,
    'stats count(*) as lines, count_distinct(dstPort) as ports, sum(bytes) as bytes by srcAddr',
    `sort ${counted} desc`,
    `limit ${mostRows}`,
  ].join(' | ');

/**
 * Lines of sshd alone, from the beginning to the end, and of those the last address: the name of a user is whatever the
 * other side sends, also `x from 198.51.100.1 port 22`, and comes before the address that sshd itself writes. What is
 * before the tag has no brackets, so that no such name can bring a tag of its own.
 * Source: OpenSSH, auth.c (`Invalid user … from … port …`, `Failed … for … from … port … ssh2`).
 */
const tag = String.raw`^[\w:.+ -]* sshd[\w-]*\[\d+\]: `;
const failed = String.raw`${tag}Failed [\w\/-]+ for .* from [0-9a-fA-F.:]+ port \d+ ssh2$`;
const invalid = String.raw`${tag}Invalid user .* from [0-9a-fA-F.:]+ port \d+$`;
const loginQuery = [
  `filter @message like /${failed}|${invalid}/`,
  String.raw`parse @message /.* from (?<ip>[0-9a-fA-F.:]+) port \d+[ a-z0-9]*$/`,
  'stats count(*) as lines by ip',
  'sort lines desc',
  `limit ${mostRows}`,
].join(' | ');

/** How the sources behind an alarm are found, by the name of the metric that it watches (resources/log-alarms). */
export function searchOf(metricNames: readonly string[], settings: LogSettings): Search | undefined {
  const { FLOW_LOG_GROUP, LOGIN_LOG_GROUP, SOURCE_LINES, PORT_SCAN_PORTS, FLOW_BYTES } = settings;
  const flow = { logGroup: FLOW_LOG_GROUP, log: 'the flow logs' };
  const searches: Record<string, Search> = {
    FlowRejects: { ...flow, query: flowQuery('REJECT', 'lines'), counted: 'lines', least: SOURCE_LINES },
    PortScanSources: { ...flow, query: flowQuery('REJECT', 'ports'), counted: 'ports', least: PORT_SCAN_PORTS },
    // A tenth of what is much altogether.
    FlowBytes: { ...flow, query: flowQuery('ACCEPT', 'bytes'), counted: 'bytes', least: FLOW_BYTES / 10 },
    FailedLogins: {
      logGroup: LOGIN_LOG_GROUP,
      log: 'the log of logins',
      query: loginQuery,
      counted: 'lines',
      least: SOURCE_LINES,
    },
  };
  const name = metricNames.find((one) => Object.hasOwn(searches, one));
  return name ? searches[name] : undefined;
}
