import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

type RequestHandler = DynamoDBClient['config']['requestHandler'];
type Request = Parameters<RequestHandler['handle']>[0];
type Response = Awaited<ReturnType<RequestHandler['handle']>>['response'];

/** What stands for a signature, of which the server asks only that it is there. */
const unsigned = {
  authorization: 'AWS4-HMAC-SHA256 Credential=drill, SignedHeaders=host, Signature=none',
  'x-amz-date': '20260101T000000Z',
};

/** Passes a request on as it is: nobody in this process verifies a signature. */
const leaveUnsigned = { sign: async (request: Request) => request };

/**
 * From now on, the calls of an SDK client are answered by a server of this process without a socket between them. Each
 * is written, read and judged as before: gone are the sockets' share of the time, half of a call, and the signature's.
 * @returns a function that sends the client over the wire again
 */
export function answerInProcess({ config }: Pick<DynamoDBClient, 'config'>, server: Server): () => void {
  const before = config.requestHandler;
  const signers = config.httpAuthSchemes.map((scheme) => [scheme, scheme.signer] as const);
  for (const [scheme] of signers) scheme.signer = leaveUnsigned as unknown as typeof scheme.signer;
  config.requestHandler = {
    ...(before.metadata && { metadata: before.metadata }),
    handle: async (request) => ({ response: await answerOf(server, request) }),
    destroy: () => {},
    updateHttpClientConfig: () => {},
    httpHandlerConfigs: () => ({}),
  };
  return () => {
    config.requestHandler = before;
    for (const [scheme, signer] of signers) scheme.signer = signer;
  };
}

/** As much of a request and its response as a handler of `node:http` that reads and answers JSON uses. */
function answerOf(server: Server, { method, path, headers, body }: Request): Promise<Response> {
  return new Promise((resolve) => {
    const request = Object.assign(new EventEmitter(), { method, url: path, headers: { ...headers, ...unsigned } });
    const written: Record<string, string> = {};
    const response = {
      statusCode: 200,
      setHeader: (name: string, value: unknown) => {
        written[name.toLowerCase()] = String(value);
      },
      end: (text = '') => {
        resolve({ statusCode: response.statusCode, headers: written, body: Buffer.from(text) } as Response);
      },
    };
    server.emit('request', request, response);
    const chunk = bytesOf(body);
    if (chunk.length > 0) request.emit('data', chunk);
    request.emit('end');
  });
}

function bytesOf(body: unknown): Buffer {
  if (ArrayBuffer.isView(body)) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (typeof body === 'string' || body === undefined) return Buffer.from(body ?? '');
  throw new TypeError(`A body of ${typeof body} is not read in this process.`);
}
