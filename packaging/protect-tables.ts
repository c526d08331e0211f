import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { CompiledTemplate } from './complete-template';

/** The stack is deployed, but a table can still be deleted by one call; the message has the command that protects it. */
export class TableProtectionError extends Error {
  override name = 'TableProtectionError';
}

/**
 * Switches deletion protection on for the tables that outlive their stack. The template cannot: CloudFormation has to be
 * able to delete the table of a first deployment that fails, or its name would block the next one.
 * @throws TableProtectionError with the cause
 */
export async function protectTables(
  { Resources }: CompiledTemplate,
  client: Pick<DynamoDBClient, 'send'>,
): Promise<void> {
  const tables = Object.values(Resources).filter(
    ({ Type, DeletionPolicy = 'Delete' }) => Type === 'AWS::DynamoDB::Table' && DeletionPolicy !== 'Delete',
  );
  for (const { Properties } of tables) await protect(String(Properties?.TableName), client);
}

async function protect(TableName: string, client: Pick<DynamoDBClient, 'send'>): Promise<void> {
  const { DescribeTableCommand, UpdateTableCommand } = await import('@aws-sdk/client-dynamodb');
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    if (Table?.DeletionProtectionEnabled) return;
    await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: true }));
  } catch (cause) {
    throw new TableProtectionError(
      `The stack is deployed, but ${TableName} is not protected against deletion (${String(cause)}). Deploy again, or run: aws dynamodb update-table --table-name ${TableName} --deletion-protection-enabled`,
      { cause },
    );
  }
}
