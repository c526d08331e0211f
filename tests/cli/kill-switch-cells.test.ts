import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { cellLines, notReached, stateOf } from '../../cli/kill-switch/lines';

const root = join(__dirname, '..', '..');

/** How the tables of each region answer: `gone` closes the connection, as a region does that is down. */
type Answers = Record<string, object | 'gone' | { error: string }>;

let server: Server;
let answers: Answers;
let put: { region: string; item: Record<string, { S?: string; BOOL?: boolean }> }[];

beforeAll(async () => {
  server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  put = [];
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const [, region = ''] = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
  // STS answers in no region: the switch does not wait for a name.
  if (!request.headers['x-amz-target']) return void response.writeHead(403).end('<ErrorResponse/>');
  const own = answers[region];
  if (own === undefined || own === 'gone') return void request.socket.destroy();
  if ('error' in own) return void response.writeHead(400).end(JSON.stringify({ __type: own.error, message: 'No.' }));
  const { Item } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  if (Item) put.push({ region, item: Item });
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(own));
}

function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = {
    ...{ PATH: process.env.PATH, HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true', NODE_NO_WARNINGS: '1' },
    ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
    ...{ AWS_ENDPOINT_URL: endpoint },
  };
  const command = ['--import', 'tsx', join('cli', 'kill-switch.ts'), '--stage', 'dev', ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: root, env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

const turnOn = ['--on', '--reason', 'maintenance'];

test('one unreachable, one forbidden and one disabled region keep the others from nothing, and are named', async () => {
  answers = {
    'eu-west-1': 'gone',
    'us-east-1': {},
    'us-west-2': { error: 'com.amazon.coral.service#AccessDeniedException' },
    'me-south-1': { error: 'com.amazon.coral.service#UnrecognizedClientException' },
    'eu-central-1': {},
  };
  const { code, stdout, stderr } = await run(...turnOn, '--region', Object.keys(answers).join(', '));
  const lines = stdout.trim().split('\n');

  expect(code).toBe(2);
  expect(put.map(({ region }) => region).sort()).toEqual(['eu-central-1', 'us-east-1']);
  for (const { item } of put) expect(item).toMatchObject({ on: { BOOL: true }, reason: { S: 'maintenance' } });
  expect(lines).toEqual([
    expect.stringMatching(/^eu-west-1 {5}NOT reached: AWS could not be reached/),
    'us-east-1     on: nothing will be changed',
    expect.stringMatching(/^us-west-2 {5}NOT reached: your credentials do not allow this/),
    expect.stringMatching(/^me-south-1 {4}NOT reached: the region is not enabled in this account/),
    'eu-central-1  on: nothing will be changed',
  ]);
  expect(stderr).toContain('The kill switch of dev was NOT changed in eu-west-1, us-west-2, me-south-1');
});

test('where every region is reached, it says so and ends with 0', async () => {
  answers = { 'eu-west-1': {}, 'us-east-1': {} };
  const { code, stdout } = await run('--off', '--reason', 'over', '--region', 'eu-west-1,us-east-1');

  expect(code).toBe(0);
  expect(stdout).toBe('eu-west-1  off\nus-east-1  off\nThe kill switch of dev is off, in all 2 regions.\n');
  expect(put.map(({ item }) => item.on)).toEqual([{ BOOL: false }, { BOOL: false }]);
});

test('--show says how each is, and changes nothing', async () => {
  const item = { on: { BOOL: true }, by: { S: 'kim' }, at: { S: '2026-03-02T09:00:00.000Z' }, reason: { S: 'move' } };
  answers = { 'eu-west-1': { Item: item }, 'us-east-1': {}, 'us-west-2': 'gone' };
  const { code, stdout, stderr } = await run('--show', '--region', Object.keys(answers).join(','));

  expect(code).toBe(2);
  expect(put).toEqual([]);
  expect(stdout).toMatch(/^eu-west-1 {2}on since 2026-03-02T09:00:00\.000Z \(kim: move\)$/m);
  expect(stdout).toMatch(/^us-east-1 {2}off$/m);
  expect(stderr).toContain('in us-west-2 is not known');
});

test.each([
  [['--all-regions', ...turnOn], /names no cellRegions for dev/],
  [['--region', 'nowhere', ...turnOn], /'nowhere' is invalid\. It is regions with commas/],
  [['--all-regions', '--region', 'eu-west-1', ...turnOn], /either --region or --all-regions/],
  [['--show', '--on'], /pass --show alone/],
])('%j ends with 2 and one clear line', async (args, line) => {
  const { code, stdout, stderr } = await run(...args);

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(line);
});

test('wrong credentials are not taken for a region that is not enabled', () => {
  const cause = Object.assign(new Error('No.'), { name: 'UnrecognizedClientException' });
  const lines = cellLines([{ region: 'eu-west-1', cause }], () => 'on');

  expect(lines[0]).toContain('log in again');
  expect(notReached([{ region: 'eu-west-1', cause }])).toEqual(['eu-west-1']);
  expect(stateOf(undefined)).toBe('off');
});
