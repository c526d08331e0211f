import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PlaybookError } from '../../functions/shared/errors';

/** The steps' clients are not what a drill can attach to. */
export class ClientsError extends PlaybookError {}

/** An AWS SDK client that the steps share. */
export interface StepClient {
  middlewareStack: DynamoDBClient['middlewareStack'];
  config: { serviceId?: string };
}

const folder = join(__dirname, '..', '..', 'functions', 'shared', 'clients');

/**
 * The steps' SDK clients, one for each middleware stack. Load them only once the environment is set:
 * a client reads its endpoint and region when it is made.
 */
export async function loadClients(): Promise<{ dynamoDb: DynamoDBClient; others: StepClient[] }> {
  const found = new Map<unknown, StepClient>();
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.ts')).sort()) {
    const module = (await import(join(folder, file))) as Record<string, unknown>;
    for (const value of Object.values(module)) if (isClient(value)) found.set(value.middlewareStack, value);
  }
  const clients = [...found.values()];
  const dynamoDb = clients.find(({ config }) => config.serviceId === 'DynamoDB');
  if (!dynamoDb) throw new ClientsError('functions/shared/clients exports no DynamoDB client.');
  return { dynamoDb: dynamoDb as DynamoDBClient, others: clients.filter((client) => client !== dynamoDb) };
}

function isClient(value: unknown): value is StepClient {
  return typeof value === 'object' && value !== null && 'middlewareStack' in value && 'config' in value;
}
