import { anchorOf, duration, listed, table } from '../../../tools/docs/markdown';
import { permissionRows } from '../../../tools/docs/permissions';
import { dollars } from '../../../tools/docs/prices';
import { answersOf, guardsOf, readMachine } from '../../../tools/docs/states';

test('a table is padded to its widest cell', () => {
  expect(table(['a', 'step'], [['Stop it', 'x']])).toBe('| a       | step |\n| ------- | ---- |\n| Stop it | x    |');
});

test('headings become anchors as GitHub writes them', () => {
  expect(anchorOf('What the owner of an instance can say by tags')).toBe(
    'what-the-owner-of-an-instance-can-say-by-tags',
  );
  expect(anchorOf('Did it help? (twice)')).toBe('did-it-help-twice');
  expect(anchorOf('部署：十五分鐘')).toBe('部署十五分鐘');
});

test.each([
  [30, '30 s'],
  [930, '15 min 30 s'],
  [10800, '3 h'],
])('%d seconds are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

test('amounts keep two significant figures', () => {
  expect([0.0011, 0.0000088, 1.5, 0].map(dollars)).toEqual(['$0.0011', '$0.0000088', '$1.50', '$0']);
  expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
});

test('a guard is a question that can end the run; a loop that waits is none', () => {
  const machine = readMachine({
    Comment: 'Does something',
    StartAt: 'May we?',
    TimeoutSeconds: 60,
    States: {
      'May we?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.incident.lease.verdict', StringEquals: 'TAKEN', Next: 'Is it done?' }],
        Default: 'Close incident',
      },
      'Is it done?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.incident.poll.verdict', StringEquals: 'WAITING', Next: 'Wait' }],
        Default: 'Close incident',
      },
      Wait: { Type: 'Wait', Next: 'Is it done?' },
      'Close incident': { Type: 'Succeed' },
    },
  } as never);

  expect(guardsOf(machine).map(({ name }) => name)).toEqual(['May we?']);
  expect(answersOf(machine.states[0]!)).toEqual([
    ['`lease.verdict` is `TAKEN`', 'Is it done?'],
    ['otherwise', 'Close incident'],
  ]);
});

test('a right is shown with its resource and condition, without logs and traces', () => {
  const rows = permissionRows([
    { Effect: 'Allow', Action: ['logs:PutLogEvents'], Resource: 'arn:aws:logs:us-east-1:123456789012:*' },
    {
      Effect: 'Allow',
      Action: 'ec2:StopInstances',
      Resource: 'arn:aws:ec2:us-east-1:123456789012:instance/*',
      Condition: { StringEquals: { 'aws:ResourceTag/team': 'web' } },
    },
    {
      Effect: 'Deny',
      Action: 'kms:CreateGrant',
      Resource: 'arn:aws:kms:us-east-1:*:key/*',
      Condition: { Null: { 'aws:ResourceTag/keep': 'false' } },
    },
  ]);

  expect(rows).toEqual([
    ['`ec2:StopInstances`', '`ec2 instance/*`', '`aws:ResourceTag/team` is `web`'],
    ['**deny** `kms:CreateGrant`', '`kms key/* (of any account)`', '`aws:ResourceTag/keep` is present'],
  ]);
});
