import { holds } from '../../packaging/conditions';

const [yes, no, open] = ['yes', 'no', 'open'].map((word) => ({ 'Fn::Equals': [word] })) as [object, object, object];
const facts = {
  definitionOf: (name: string) => ({ Named: yes, Nested: { 'Fn::Not': [{ Condition: 'Named' }] } })[name],
  areEqual: (operands: unknown) => ({ yes: true, no: false, open: undefined })[(operands as string[])[0]!],
};
const and = (...parts: object[]) => ({ 'Fn::And': parts });
const or = (...parts: object[]) => ({ 'Fn::Or': parts });
const not = (part: object) => ({ 'Fn::Not': [part] });

test.each<[string, unknown, boolean | undefined]>([
  ['a name', { Condition: 'Named' }, true],
  ['a name of names', { Condition: 'Nested' }, false],
  ['a name that is not defined', { Condition: 'Missing' }, undefined],
  ['not', not(no), true],
  ['not of what is not known', not(open), undefined],
  ['and of all', and(yes, yes), true],
  ['and with one that is false, whatever the other', and(open, no), false],
  ['and with one that is not known', and(yes, open), undefined],
  ['or of none', or(no, no), false],
  ['or with one that is true, whatever the other', or(open, yes), true],
  ['or with one that is not known', or(no, open), undefined],
  ['what is no condition', { 'Fn::Join': ['', []] }, undefined],
  ['nothing', undefined, undefined],
])('%s', (_what, node, answer) => {
  expect(holds(node, facts)).toBe(answer);
});
