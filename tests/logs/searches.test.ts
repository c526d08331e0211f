import { rowOf } from '../../drill/cloud/logs/insights/fields';
import { parseQuery } from '../../drill/cloud/logs/insights/query';
import { mostRows, searchOf } from '../../functions/logs/searches';
import { sourcesIn, tellSources } from '../../functions/logs/sources';

const settings = {
  FLOW_LOG_GROUP: '/flow',
  LOGIN_LOG_GROUP: '/secure',
  SOURCE_LINES: 20,
  PORT_SCAN_PORTS: 50,
  FLOW_BYTES: 5_000,
};
const find = (metricName: string, messages: readonly string[]) => {
  const search = searchOf([metricName], settings)!;
  const rows = parseQuery(search.query).run(
    messages.map((message) => rowOf({ at: 0, message, stream: 's', visibleAt: 0 })),
  );
  const fields = rows.map((row) => Object.entries(row).map(([field, value]) => ({ field, value })));
  return sourcesIn(fields, search.counted).map(({ cidr, count }) => [cidr, count]);
};
const flow = (from: string, port: number, action: string, bytes = 40) =>
  `2 123456789012 eni-0a1b2c3d ${from} 10.0.0.5 40000 ${port} 6 1 ${bytes} 1772442000 1772442060 ${action} OK`;
const sshd = (text: string) => `Mar  2 09:00:01 web sshd[2112]: ${text}`;

describe('failed logins', () => {
  test.each([
    ['a password', sshd('Failed password for root from 203.0.113.9 port 51234 ssh2')],
    ['a password of nobody', sshd('Failed password for invalid user admin from 203.0.113.9 port 51234 ssh2')],
    ['a user of nobody', sshd('Invalid user admin from 203.0.113.9 port 51234')],
    ['a user without a name', sshd('Invalid user  from 203.0.113.9 port 51234')],
    ['the interactive way', sshd('Failed keyboard-interactive/pam for root from 203.0.113.9 port 51234 ssh2')],
    ['the tag of OpenSSH 9.8', 'Mar  2 09:00:01 web sshd-session[2]: Invalid user a from 203.0.113.9 port 5'],
    ['a time in ISO 8601', '2026-03-02T09:00:01.123456+00:00 web sshd[2]: Invalid user a from 203.0.113.9 port 5'],
  ])('%s gives the address that sshd wrote', (_what, line) => {
    expect(find('FailedLogins', [line])).toEqual([['203.0.113.9/32', 1]]);
  });

  test('an IPv6 address is one too', () => {
    expect(find('FailedLogins', [sshd('Invalid user a from 2001:db8::9 port 5')])).toEqual([['2001:db8::9/128', 1]]);
  });

  // 198.51.100.1 is what the guesser would like to have blocked.
  test.each([
    'from 198.51.100.1 port 22',
    'x from 198.51.100.1 port 22 ssh2',
    'x from 198.51.100.1 port 22',
    'from from 198.51.100.1 port 22 from',
    'a from 198.51.100.1 port 22 ssh2 from 198.51.100.1 port 22',
    'a port 22 from 198.51.100.1',
    'Invalid user x from 198.51.100.1 port 22',
    'sshd[1]: Invalid user x from 198.51.100.1 port 22',
    'Mar  2 09:00:01 web sshd[1]: Invalid user x from 198.51.100.1 port 22',
    '198.51.100.1',
  ])('the name "%s" chooses no address', (name) => {
    const lines = [
      sshd(`Failed password for invalid user ${name} from 203.0.113.9 port 51234 ssh2`),
      sshd(`Invalid user ${name} from 203.0.113.9 port 51234`),
      // Lines that end with the name: none of them may count.
      sshd(
        `pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.9  user=${name}`,
      ),
      sshd(`Connection closed by invalid user ${name} 203.0.113.9 port 51234 [preauth]`),
      sshd(`input_userauth_request: invalid user ${name}`),
      `Mar  2 09:00:01 web su[7]: pam_unix(su:auth): authentication failure; user=${name}`,
      `Mar  2 09:00:01 web sudo[7]: ${name} : user NOT in sudoers ; COMMAND=${name}`,
    ];

    expect(find('FailedLogins', lines)).toEqual([['203.0.113.9/32', 2]]);
  });
});

describe('flow logs', () => {
  const noise = [
    flow('10.0.0.9', 1, 'REJECT'),
    flow('172.16.3.4', 1, 'REJECT'),
    flow('192.168.1.1', 1, 'REJECT'),
    '2 123456789012 eni-0a1b2c3d - - - - - - - 1772442000 1772442060 - NODATA',
  ];

  test('rejects count by lines', () => {
    const lines = [
      flow('203.0.113.9', 22, 'REJECT'),
      flow('203.0.113.9', 22, 'REJECT'),
      flow('192.0.2.7', 1, 'REJECT'),
    ];
    expect(find('FlowRejects', [...noise, ...lines, flow('192.0.2.7', 1, 'ACCEPT')])).toEqual([
      ['203.0.113.9/32', 2],
      ['192.0.2.7/32', 1],
    ]);
  });

  test('port scans count by distinct ports', () => {
    const scan = [1, 2, 3].map((port) => flow('192.0.2.7', port, 'REJECT'));
    const guess = Array(9).fill(flow('203.0.113.9', 22, 'REJECT')) as string[];
    expect(find('PortScanSources', [...noise, ...guess, ...scan])).toEqual([
      ['192.0.2.7/32', 3],
      ['203.0.113.9/32', 1],
    ]);
  });

  test('traffic counts by bytes let through', () => {
    const lines = [
      flow('192.0.2.7', 1, 'ACCEPT', 900),
      flow('203.0.113.9', 1, 'ACCEPT', 100),
      flow('203.0.113.9', 1, 'REJECT', 5_000),
    ];
    expect(find('FlowBytes', [...noise, ...lines])).toEqual([
      ['192.0.2.7/32', 900],
      ['203.0.113.9/32', 100],
    ]);
  });
});

test.each(['0.0.0.0/0', '203.0.113.0/24', '010.1.1.1', 'example.org', '', '203.0.113.9 198.51.100.1', '1.2.3'])(
  'a row that names "%s" is no source',
  (ip) => {
    const row = [
      { field: 'ip', value: ip },
      { field: 'lines', value: '900' },
    ];
    expect(sourcesIn([row], 'lines')).toEqual([]);
  },
);

test.each(['', 'many', '-3', 'NaN', '0'])('a row that counts "%s" is no source', (count) => {
  const row = [
    { field: 'ip', value: '203.0.113.9' },
    { field: 'lines', value: count },
  ];
  expect(sourcesIn([row], 'lines')).toEqual([]);
});

test('an address that is written in two ways is one source', () => {
  const row = (ip: string) => [
    { field: 'ip', value: ip },
    { field: 'lines', value: '3' },
  ];
  expect(sourcesIn([row('203.0.113.9'), row('::ffff:203.0.113.9')], 'lines')).toEqual([
    { cidr: '203.0.113.9/32', family: 'IPv4', count: 6 },
  ]);
});

test('many sources are told in short', () => {
  const sources = Array.from({ length: 12 }, (_, n) => ({
    cidr: `203.0.113.${n}/32`,
    family: 'IPv4' as const,
    count: 20 - n,
  }));
  expect(tellSources(sources, 'lines')).toMatch(/^203\.0\.113\.0\/32 \(20 lines\), .* and 2 more$/);
});

test('an alarm on another metric has no search', () => {
  expect(searchOf(['CPUUtilization'], settings)).toBeUndefined();
  expect(searchOf(['toString'], settings)).toBeUndefined();
});

test('every query gives as many rows as are read', () => {
  for (const name of ['FlowRejects', 'PortScanSources', 'FlowBytes', 'FailedLogins'])
    expect(searchOf([name], settings)!.query).toContain(`limit ${mostRows}`);
});
