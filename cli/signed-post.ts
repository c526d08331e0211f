import type { LambdaClient } from '@aws-sdk/client-lambda';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';

/** What a function URL answered. */
export interface Answered {
  status: number;
  body: string;
}

/**
 * Sends JSON to a function URL in a request that is signed (Signature Version 4) with a client's credentials, in its region.
 * @throws the errors of the credential providers, and of the network, unchanged
 */
export async function signedPost(url: string, content: object, { config }: LambdaClient): Promise<Answered> {
  const { protocol, hostname, port, pathname, host } = new URL(url);
  const body = JSON.stringify(content);
  const signer = new SignatureV4({
    service: 'lambda',
    region: await config.region(),
    credentials: config.credentials,
    sha256: Hash.bind(null, 'sha256'),
  });
  const { headers } = await signer.sign({
    method: 'POST',
    protocol,
    hostname,
    ...(port ? { port: Number(port) } : {}),
    path: pathname,
    query: {},
    headers: { host, 'content-type': 'application/json' },
    body,
  });
  const { host: _host, ...sent } = headers;
  const response = await fetch(url, { method: 'POST', headers: sent, body });
  return { status: response.status, body: await response.text() };
}
