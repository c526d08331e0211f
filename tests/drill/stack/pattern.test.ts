import { EventPatternError, matchesPattern } from '../../../drill/stack/pattern';

/** The sample event of the EventBridge user guide, shortened. */
const event = {
  version: '0',
  source: 'aws.ec2',
  'detail-type': 'EC2 Instance State-change Notification',
  resources: ['arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0'],
  detail: {
    'instance-id': 'i-0123456789abcdef0',
    state: 'terminated',
    empty: '',
    nothing: null,
    'c-count': 5,
    'd-count': 0,
    ip: '10.0.0.17',
    path: 'dir/sub/file.png',
    star: 'a*b',
    items: [
      { name: 'one', size: 1 },
      { name: 'two', size: 2 },
    ],
  },
};

describe('what EventBridge documents as a match', () => {
  test.each<[string, unknown]>([
    ['an exact text', { source: ['aws.ec2'] }],
    ['one of several texts', { detail: { state: ['running', 'terminated'] } }],
    ['an item of a list', { resources: ['arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0'] }],
    ['an empty text', { detail: { empty: [''] } }],
    ['null', { detail: { nothing: [null] } }],
    ['an exact number', { detail: { 'c-count': [5] } }],
    ['prefix', { detail: { state: [{ prefix: 'term' }] } }],
    ['prefix, ignoring case', { detail: { state: [{ prefix: { 'equals-ignore-case': 'TERM' } }] } }],
    ['suffix', { detail: { path: [{ suffix: '.png' }] } }],
    ['suffix, ignoring case', { detail: { path: [{ suffix: { 'equals-ignore-case': '.PNG' } }] } }],
    ['equals-ignore-case', { detail: { state: [{ 'equals-ignore-case': 'TERMINATED' }] } }],
    ['anything-but a text', { detail: { state: [{ 'anything-but': 'running' }] } }],
    ['anything-but a list', { detail: { state: [{ 'anything-but': ['running', 'stopped'] }] } }],
    ['anything-but a number', { detail: { 'c-count': [{ 'anything-but': 123 }] } }],
    ['anything-but a prefix', { detail: { state: [{ 'anything-but': { prefix: 'init' } }] } }],
    ['anything-but several suffixes', { detail: { path: [{ 'anything-but': { suffix: ['.txt', '.md'] } }] } }],
    ['anything-but a wildcard', { detail: { path: [{ 'anything-but': { wildcard: '*/lib/*' } }] } }],
    ['numeric equality', { detail: { 'c-count': [{ numeric: ['=', 5] }] } }],
    ['a numeric range', { detail: { 'c-count': [{ numeric: ['>', 0, '<=', 5] }] } }],
    ['numeric below', { detail: { 'd-count': [{ numeric: ['<', 10] }] } }],
    ['an address range', { detail: { ip: [{ cidr: '10.0.0.0/24' }] } }],
    ['exists', { detail: { state: [{ exists: true }] } }],
    ['does not exist', { detail: { colour: [{ exists: false }] } }],
    ['does not exist, deeper', { detail: { colour: { shade: [{ exists: false }] } } }],
    ['wildcard', { detail: { path: [{ wildcard: 'dir/*.png' }] } }],
    ['an escaped star', { detail: { star: [{ wildcard: 'a\\*b' }] } }],
    ['$or, with another condition', { source: ['aws.ec2'], detail: { $or: [{ 'c-count': [1] }, { 'd-count': [0] }] } }],
    ['all fields of one item of a list', { detail: { items: { name: ['two'], size: [2] } } }],
  ])('%s', (_title, pattern) => {
    expect(matchesPattern(pattern, event)).toBe(true);
  });
});

describe('what EventBridge does not match', () => {
  test.each<[string, unknown]>([
    ['another text', { source: ['aws.cloudwatch'] }],
    ['a text that only begins alike', { detail: { state: ['term'] } }],
    ['a number written as text', { detail: { 'c-count': ['5'] } }],
    ['one field right and one wrong', { source: ['aws.ec2'], detail: { state: ['running'] } }],
    ['anything-but on a field that is missing', { detail: { colour: [{ 'anything-but': 'red' }] } }],
    ['anything-but the value itself', { detail: { state: [{ 'anything-but': ['terminated'] }] } }],
    ['outside a numeric range', { detail: { 'c-count': [{ numeric: ['>', 5, '<', 10] }] } }],
    ['numeric on a text', { detail: { state: [{ numeric: ['>', 0] }] } }],
    ['exists on an object, which is no leaf', { detail: [{ exists: true }] }],
    ['exists: false on a field that is there', { detail: { state: [{ exists: false }] } }],
    ['fields of different items of a list', { detail: { items: { name: ['one'], size: [2] } } }],
    ['an address outside the range', { detail: { ip: [{ cidr: '10.0.1.0/24' }] } }],
    ['a literal star against another letter', { detail: { path: [{ wildcard: 'dir\\*' }] } }],
    ['a dot is no wildcard', { detail: { path: [{ wildcard: 'dir/*xpng' }] } }],
    ['no alternative of $or', { detail: { $or: [{ 'c-count': [1] }, { 'd-count': [1] }] } }],
    ['__proto__ is a name like any other', JSON.parse('{"__proto__": {"x": ["y"]}}')],
  ])('%s', (_title, pattern) => {
    expect(matchesPattern(pattern, event)).toBe(false);
  });
});

test.each<[string, unknown, RegExp]>([
  ['an operator that does not exist', { detail: { state: [{ like: 'x' }] } }, /detail\.state.*like/],
  ['a value that is not in a list', { source: 'aws.ec2' }, /source: expected a list/],
  ['an empty list', { source: [] }, /source/],
  ['half a numeric range', { detail: { n: [{ numeric: ['>'] }] } }, /pairs/],
  ['two operators in one', { source: [{ prefix: 'a', suffix: 'b' }] }, /exactly one operator/],
  ['two stars in a row', { source: [{ wildcard: 'a**' }] }, /consecutive/],
])('%s is refused, naming the field', (_title, pattern, message) => {
  expect(() => matchesPattern(pattern, event)).toThrow(message);
  expect(() => matchesPattern(pattern, event)).toThrow(EventPatternError);
});
