import { fillKeys, UnknownParamError } from '../../packaging/fill-keys';

test('a param in the key of an IAM condition is filled in, at any depth', () => {
  const functions = {
    stop: [{ Condition: { StringEquals: { 'aws:ResourceTag/${param:optInTag}': 'true', other: 1 } } }],
  };

  fillKeys(functions, { optInTag: 'team:on' }, 'functions');

  expect(functions.stop[0]!.Condition.StringEquals).toEqual({ 'aws:ResourceTag/team:on': 'true', other: 1 });
});

test('a fragment that two functions share is filled in once for both', () => {
  const shared = { '${param:optInTag}': 'true' };
  const functions = { start: { Condition: shared }, stop: { Condition: shared } };

  fillKeys(functions, { optInTag: 'on' }, 'functions');

  expect(functions).toEqual({ start: { Condition: { on: 'true' } }, stop: { Condition: { on: 'true' } } });
});

test('a param that does not exist is refused with the place', () => {
  const functions = { stop: { '${param:optinTag}': 'true' } };

  expect(() => fillKeys(functions, { optInTag: 'on' }, 'functions')).toThrow(UnknownParamError);
  expect(() => fillKeys(functions, { optInTag: 'on' }, 'functions')).toThrow('functions.stop.${param:optinTag}');
});
