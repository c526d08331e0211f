import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { answerInProcess } from './in-process';
import type { StackResource } from './template';

let server: Promise<Server> | undefined;

/** Starts the process's one DynamoDB (dynalite, in memory) and points the SDK at it. */
export async function startRecordStore(environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  server ??= listen();
  const { port } = (await server).address() as AddressInfo;
  environment.AWS_ENDPOINT_URL_DYNAMODB = `http://127.0.0.1:${port}`;
}

/** Answers a client from the process's DynamoDB without a socket. @returns a function that sends it over the wire again */
export async function answerFromRecordStore(client: DynamoDBClient): Promise<() => void> {
  server ??= listen();
  return answerInProcess(client, await server);
}

/** Ends it, for good: the steps' clients keep the address that they first saw. */
export async function stopRecordStore(): Promise<void> {
  const running = await server;
  server = undefined;
  running?.closeAllConnections();
  if (running) await new Promise<void>((resolve) => running.close(() => resolve()));
}

async function listen(): Promise<Server> {
  const started = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  // Node keeps the Date header for a real second; in drilled time that is a skewed clock, for which the SDK tries again.
  started.prependListener('request', (_request, response: ServerResponse) => {
    response.sendDate = false;
  });
  started.listen(0, '127.0.0.1');
  await once(started, 'listening');
  // A drill that is over must not keep the process alive.
  started.unref();
  return started;
}

/** Makes the template's tables anew, empty. To be called on real time: DynamoDB makes tables in its own time. */
export async function freshTables(tables: readonly StackResource[], client: DynamoDBClient): Promise<void> {
  for (const table of tables) {
    await drop(table.ref, client);
    await client.send(new CreateTableCommand(inputOf(table)));
    await waitUntilActive(table.ref, client);
  }
}

async function drop(name: string, client: DynamoDBClient): Promise<void> {
  try {
    await client.send(new DeleteTableCommand({ TableName: name }));
    for (;;) await client.send(new DescribeTableCommand({ TableName: name }));
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
}

async function waitUntilActive(name: string, client: DynamoDBClient): Promise<void> {
  for (;;) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
    if (Table?.TableStatus === 'ACTIVE') return;
  }
}

/** What of a table's properties the local DynamoDB has an equal of. */
function inputOf({ ref, properties }: StackResource): CreateTableCommandInput {
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = properties as unknown as CreateTableCommandInput;
  return { TableName: ref, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode: 'PAY_PER_REQUEST' };
}
