import type { Resource } from '../../packaging/references';
import { shareLogGroup } from '../../packaging/share-log-group';

const logArn = (rest: string) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:${rest}`,
});
/** What framework and plugin make of one function. */
const made = (id: string, name: string): Record<string, Resource> => ({
  [`${id}LogGroup`]: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: `/aws/lambda/${name}` } },
  [`${id}Role`]: {
    Type: 'AWS::IAM::Role',
    Properties: {
      Policies: [
        {
          PolicyDocument: {
            Statement: [
              {
                Effect: 'Allow',
                Action: ['logs:CreateLogStream', 'logs:CreateLogGroup', 'logs:PutLogEvents'],
                Resource: [logArn(`/aws/lambda/${name}:*:*`)],
              },
              { Effect: 'Allow', Action: 'ec2:StopInstances', Resource: '*' },
            ],
          },
        },
      ],
    },
  },
  [`${id}Function`]: {
    Type: 'AWS::Lambda::Function',
    Properties: { FunctionName: name },
    DependsOn: [`${id}Role`, `${id}LogGroup`],
  },
});
const group = (): Record<string, Resource> => ({
  FunctionLogGroup: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/aws/lambda/app-dev' } },
});
const shared = (resources: Record<string, Resource>) => {
  shareLogGroup(resources);
  return resources;
};

test('functions share one log group, and wait for no group of their own', () => {
  const resources = shared({ ...group(), ...made('Stop', 'app-dev-stop'), ...made('StopAll', 'app-dev-stop-all') });

  expect(Object.keys(resources)).toEqual([
    'FunctionLogGroup',
    'StopRole',
    'StopFunction',
    'StopAllRole',
    'StopAllFunction',
  ]);
  expect(resources.StopFunction).toEqual({
    Type: 'AWS::Lambda::Function',
    Properties: { FunctionName: 'app-dev-stop', LoggingConfig: { LogGroup: { Ref: 'FunctionLogGroup' } } },
    DependsOn: ['StopRole'],
  });
});

test('a function may write into streams of its own name, and its other rights stay', () => {
  const { StopRole } = shared({ ...group(), ...made('Stop', 'app-dev-stop') });
  const [{ PolicyDocument }] = StopRole!.Properties!.Policies as [{ PolicyDocument: { Statement: unknown[] } }];

  expect(PolicyDocument.Statement).toEqual([
    {
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:CreateLogGroup', 'logs:PutLogEvents'],
      Resource: logArn('/aws/lambda/app-dev:log-stream:*/app-dev-stop[*'),
    },
    { Effect: 'Allow', Action: 'ec2:StopInstances', Resource: '*' },
  ]);
});

test('a template without the shared group stays as it is', () => {
  expect(shared(made('Stop', 'app-dev-stop'))).toEqual(made('Stop', 'app-dev-stop'));
});
