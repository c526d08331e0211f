import { join } from 'node:path';
import { assembleMachine } from '../../packaging/frame';
import { readMachines } from '../../packaging/read-machines';

const frame = {
  Retry: { transient: [{ ErrorEquals: ['ThrottledError'], MaxAttempts: 8 }] },
  Catch: { close: [{ ErrorEquals: ['States.ALL'], Next: 'Close' }] },
  Parts: {
    opening: {
      Open: { Type: 'Task', Retry: 'transient', Catch: 'close', Next: 'Is it new?' },
      'Is it new?': { Type: 'Choice', Choices: '<choices>', Default: '<next>', Comment: 'On to <next>' },
    },
    closing: { Close: { Type: 'Succeed' } },
    page: { '<name>': { Type: 'Task', Comment: 'Pages for <who>', Retry: 'transient' } },
    paging: { 'Page a person': { Frame: 'page', who: '<playbook>' } },
    endless: { Again: { Frame: 'endless' } },
  },
};
const opening = { Frame: 'opening', next: 'Act', choices: [{ Next: 'Close' }] };
const act = { Type: 'Task', Next: 'Close' };
const assembled = (states: Record<string, unknown>) =>
  assembleMachine({ StartAt: 'Open', States: states }, frame, 'act-once').States;

test('a part of the frame stands where the machine says so, with what it says in the blanks', () => {
  const states = assembled({ Opening: opening, Act: act, Closing: { Frame: 'closing' } });

  expect(Object.keys(states)).toEqual(['Open', 'Is it new?', 'Act', 'Close']);
  expect(states['Is it new?']).toEqual({
    Type: 'Choice',
    Choices: [{ Next: 'Close' }],
    Default: 'Act',
    Comment: 'On to Act',
  });
});

test('named retries and catches are put in among a state’s own, in the frame, in the machine, and within a Map', () => {
  const own = { ErrorEquals: ['OwnError'], MaxAttempts: 2 };
  const inner = { Type: 'Task', Retry: 'transient' };
  const states = assembled({
    Opening: opening,
    Act: { ...act, Retry: [own, 'transient'], Catch: 'close' },
    Each: { Type: 'Map', ItemProcessor: { StartAt: 'One', States: { One: inner } } },
  });

  expect(states.Open).toMatchObject({ Retry: frame.Retry.transient, Catch: frame.Catch.close });
  expect(states.Act).toMatchObject({ Retry: [own, ...frame.Retry.transient], Catch: frame.Catch.close });
  expect(states.Each).toMatchObject({ ItemProcessor: { States: { One: { Retry: frame.Retry.transient } } } });
});

test('a list of errors that others share counts as its errors, in the order in which they are written', () => {
  const nested = { ...frame, Retry: { briefly: [{ ErrorEquals: ['A', ['B', 'C'], 'D'], MaxAttempts: 1 }] } };
  const { States } = assembleMachine({ States: { Act: { ...act, Retry: 'briefly' } } }, nested, 'act-once');

  expect(States.Act).toMatchObject({ Retry: [{ ErrorEquals: ['A', 'B', 'C', 'D'], MaxAttempts: 1 }] });
});

test('a part may hold a part, and a state of it may be called as it is where it stands', () => {
  const states = assembled({
    Ways: { Frame: 'paging', playbook: 'act-once' },
    'Page at once': { Frame: 'page', who: 'me' },
  });

  expect(states).toEqual({
    'Page a person': { Type: 'Task', Comment: 'Pages for act-once', Retry: frame.Retry.transient },
    'Page at once': { Type: 'Task', Comment: 'Pages for me', Retry: frame.Retry.transient },
  });
});

test('a task has what every task has, unless it says otherwise', () => {
  const Task = { TimeoutSeconds: 30, Retry: 'transient', Parameters: { 'incident.$': '$.incident' } };
  const own = { ...act, TimeoutSeconds: 60, Parameters: null };
  const states = { Open: act, Own: own, End: { Type: 'Succeed' } };
  const { Open, Own, End } = assembleMachine(
    { StartAt: 'Open', States: states },
    { ...frame, Task },
    'act-once',
  ).States;

  expect(Open).toEqual({ ...act, ...Task, Retry: frame.Retry.transient });
  expect(Own).toEqual({ ...act, TimeoutSeconds: 60, Retry: frame.Retry.transient });
  expect(End).toEqual({ Type: 'Succeed' });
});

test('no two states share a list, since packaging writes into them', () => {
  const { Open, Act } = assembled({ Opening: opening, Act: { ...act, Retry: 'transient' } });

  expect(Open!.Retry).toEqual(Act!.Retry);
  expect(Open!.Retry).not.toBe(Act!.Retry);
  expect((Open!.Retry as unknown[])[0]).not.toBe((Act!.Retry as unknown[])[0]);
});

test.each([
  [
    'a part that is not there',
    { Opening: { Frame: 'beginning' } },
    'act-once: Opening: the frame has no part "beginning"',
  ],
  ['a part by the name of a built-in', { Opening: { Frame: 'toString' } }, 'the frame has no part "toString"'],
  ['a part that holds itself', { Again: { Frame: 'endless' } }, 'Again: the frame has no part "endless"'],
  ['a blank that is not filled', { Opening: { Frame: 'opening', choices: [] } }, 'Opening: <next> is missing'],
  ['what no blank is for', { End: { Frame: 'closing', next: 'Act' } }, 'End: the part "closing" has no <next>'],
  [
    'a retry that is not there',
    { Act: { ...act, Retry: 'ever' } },
    'act-once: Act: Retry: the frame has no list "ever"',
  ],
  [
    'a catch that is not there',
    { Act: { ...act, Catch: ['flee'] } },
    'act-once: Act: Catch: the frame has no list "flee"',
  ],
  ['a state that the frame has too', { Open: act, Opening: opening }, 'act-once: the state "Open" is defined twice'],
])('%s is refused, with machine and state', (_what, states, message) => {
  expect(() => assembled(states)).toThrow(message);
});

test('a frame that is not one is refused, with the field', () => {
  expect(() => assembleMachine({ States: {} }, { Retry: {}, Catch: {} }, 'act-once')).toThrow(
    'statemachines/frame.yml: Parts',
  );
});

const machines = [...readMachines(join(__dirname, '..', '..'))];

test.each(machines.filter(([, { States }]) => 'Did it end well?' in States))(
  '%s ends green when the record ended well, and never otherwise',
  (_name, { States }) => {
    const { Choices, Default } = States['Did it end well?'] as Record<string, unknown>;

    expect(Choices).toEqual([{ Variable: '$.incident.closing.endedWell', BooleanEquals: true, Next: 'Done' }]);
    expect(Default).toBe('Needs a person');
  },
);
