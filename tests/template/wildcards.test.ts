import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unexplainedWildcards } from '../../tools/template/wildcards';

const root = join(__dirname, '..', '..');
const yamlIn = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yml'))
    .map((file) => join(folder, file));

test('each * in a policy has its reason beside it', () => {
  const files = ['serverless.yml', ...yamlIn('functions'), ...yamlIn('resources'), ...yamlIn('statemachines')];
  const found = files.flatMap((file) => unexplainedWildcards(file, readFileSync(join(root, file), 'utf8')));

  expect(files.length).toBeGreaterThan(10);
  expect(found).toEqual([]);
});

const statement = (...lines: string[]) =>
  ['statements:', '  - Effect: Allow', '    Action: ec2:DescribeInstances', ...lines].join('\n');

test.each<[string, string[], number]>([
  ['on everything', ['    Resource: "*"'], 4],
  ['in spite of a condition', ['    Resource: "arn:aws:ec2:::x/*"', '    Condition: { Bool: { a: "true" } }'], 4],
  ['of one letter', ['    Resource: "arn:aws:dynamodb:::table/incident?"'], 4],
  ['in the long form', ['    Resource: { "Fn::Sub": "arn:aws:dynamodb:::table/*" }'], 4],
  ['on every instance', ['    Resource: !Sub "arn:aws:ec2:${AWS::Region}:${AWS::AccountId}:instance/*"'], 4],
  ['second in a list', ['    Resource:', '      - !Ref Topic', '      - "arn:aws:sns:*:*:x"'], 6],
])('a planted * without a reason is found by its line: %s', (_what, lines, line) => {
  expect(unexplainedWildcards('x.yml', statement(...lines))).toEqual([expect.objectContaining({ line })]);
});

test.each<[string, string[]]>([
  ['a comment above', ['    # Describes have no resource level.', '    Resource: "*"']],
  ['a comment behind', ['    Resource: "*" # describes have no resource level']],
  ['a comment in the list', ['    Resource:', '      # Which group is in the record.', '      - "arn:aws:ec2:::x/*"']],
])('%s is a reason', (_what, lines) => {
  expect(unexplainedWildcards('x.yml', statement(...lines))).toEqual([]);
});

test('a * that takes away needs no reason', () => {
  expect(unexplainedWildcards('x.yml', '- { Effect: Deny, Action: "*", Resource: "*" }')).toEqual([]);
});
