import { DescribeTableCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { protectTables, TableProtectionError } from '../../packaging/protect-tables';

const table = (DeletionPolicy: string) => ({
  Resources: { Table: { Type: 'AWS::DynamoDB::Table', DeletionPolicy, Properties: { TableName: 'records' } } },
});

/** DynamoDB with one table; `changes` is what it was asked to change. */
function dynamo(isProtected: boolean, failing?: Error) {
  const changes: unknown[] = [];
  const send = async (command: unknown) => {
    if (failing) throw failing;
    if (command instanceof DescribeTableCommand) return { Table: { DeletionProtectionEnabled: isProtected } };
    if (command instanceof UpdateTableCommand) changes.push(command.input);
    return {};
  };
  return { client: { send } as never, changes };
}

test('a table that outlives its stack is protected once it is deployed', async () => {
  const { client, changes } = dynamo(false);
  await protectTables(table('RetainExceptOnCreate'), client);

  expect(changes).toEqual([{ TableName: 'records', DeletionProtectionEnabled: true }]);
});

test.each([
  ['one that is protected', 'RetainExceptOnCreate', true],
  ['one that goes with its stack', 'Delete', false],
])('%s is left alone', async (_what, policy, isProtected) => {
  const { client, changes } = dynamo(isProtected);
  await protectTables(table(policy), client);

  expect(changes).toEqual([]);
});

test('a table that cannot be protected fails the deployment, with the command that protects it', async () => {
  const failing = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });
  const protecting = protectTables(table('RetainExceptOnCreate'), dynamo(false, failing).client);

  await expect(protecting).rejects.toThrow(TableProtectionError);
  await expect(protecting).rejects.toMatchObject({
    message: expect.stringContaining('aws dynamodb update-table --table-name records --deletion-protection-enabled'),
    cause: failing,
  });
});
