import { spawn } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const secret = 'not-a-secret';
const incident = 'inc-0123456789abcdef0123';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** The signature that the request should have. Source: IAM user guide, "Create a signed AWS API request". */
function expectedSignature({ method, url, headers }: IncomingMessage, body: string, signed: string[], scope: string) {
  const canonicalHeaders = signed.map((name) => `${name}:${String(headers[name]).trim()}\n`).join('');
  const canonical = [method, url, '', canonicalHeaders, signed.join(';'), sha256(body)].join('\n');
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${secret}`);
  return hmac(key, text).toString('hex');
}

interface Received {
  body: string;
  scope: string;
  isSigned: boolean;
}

/** Lambda's API and the function URL, on this machine; the URL answers as the test says. */
async function startLambda(status: number, said: object | string) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { port } = server.address() as AddressInfo;
      if (request.method === 'GET') {
        expect(request.url).toMatch('/functions/incident-playbooks-dev-answer-approval/url');
        return response.end(JSON.stringify({ FunctionUrl: `http://127.0.0.1:${port}/`, AuthType: 'AWS_IAM' }));
      }
      const body = Buffer.concat(chunks).toString();
      const [, scope = '', names = '', signature] =
        /Credential=TEST\/([^,]+), SignedHeaders=([^,]+), Signature=(\w+)/.exec(request.headers.authorization ?? '') ??
        [];
      const isSigned = signature === expectedSignature(request, body, names.split(';'), scope);
      received.push({ body, scope, isSigned });
      response.statusCode = status;
      response.end(typeof said === 'string' ? said : JSON.stringify(said));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { received, endpoint: `http://127.0.0.1:${port}`, stop: () => server.close() };
}

async function approve(args: string[], endpoint: string) {
  const env = {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    NODE_NO_WARNINGS: '1',
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'TEST',
    AWS_SECRET_ACCESS_KEY: secret,
    AWS_ENDPOINT_URL_LAMBDA: endpoint,
  };
  const child = spawn(process.execPath, ['--import', 'tsx', 'cli/approve.ts', ...args], { cwd: root, env });
  const heard = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (heard.stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (heard.stderr += String(chunk)));
  const status = await new Promise((resolve) => child.on('close', resolve));
  return { status, ...heard };
}

test('the answer goes to the function URL, signed for Lambda in the region, and does not say who answers', async () => {
  const by = 'arn:aws:sts::123456789012:assumed-role/on-call/kim';
  const said = { incidentId: incident, subject: 'isolate', answer: 'yes', answeredBy: by, missing: 1 };
  const { received, endpoint, stop } = await startLambda(200, said);
  const result = await approve([incident, '--yes', '--stage', 'dev', '--question', 'q-0123456789ab'], endpoint);
  stop();

  expect(received).toEqual([
    {
      body: JSON.stringify({ incidentId: incident, answer: 'yes', questionId: 'q-0123456789ab' }),
      scope: expect.stringMatching(/^\d{8}\/eu-west-1\/lambda\/aws4_request$/),
      isSigned: true,
    },
  ]);
  expect(result).toEqual({
    status: 0,
    stdout: `${by} answered yes (isolate) to ${incident}.\nMore people have to say yes: 1.\n`,
    stderr: '',
  });
});

test.each<[string, number, object | string, string]>([
  [
    'the function',
    409,
    { errorType: 'AlreadyAnsweredError', errorMessage: 'kim has already answered no.' },
    'AlreadyAnsweredError: kim has already answered no.',
  ],
  ['IAM', 403, { Message: 'Forbidden' }, 'ApproversPolicyArn'],
  ['nobody: the function failed', 502, 'Internal Server Error', 'HTTP status 502'],
])('a refusal by %s ends with 1 and its reason', async (_by, status, said, reason) => {
  const { endpoint, stop } = await startLambda(status, said);
  const result = await approve([incident, '--no', '--stage', 'dev'], endpoint);
  stop();

  expect(result).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining(reason) });
});
