import { drill, effects, type Given, onlyIncident, runaway } from '../fixtures/drill';

/** A place where the playbook may die: the n-th of its calls. */
interface Boundary {
  n: number;
  call: string;
}

const isEverywhere = process.env.CRASH_EVERYWHERE === '1';

/**
 * The calls that the playbook makes in a run without faults, each kind of change once. With CRASH_EVERYWHERE=1 every
 * single call, looks of a wait loop included; `npm run drill -- --chaos` draws from all of them too.
 */
async function boundaries(): Promise<Boundary[]> {
  const { ledger } = await drill();
  const all = ledger
    .filter(({ caller }) => caller)
    .map(({ command, caller, mutating }, index) => ({
      n: index + 1,
      call: `${caller?.stateName}: ${command}`,
      mutating,
    }));
  if (isEverywhere) return all;
  return all.filter(({ call, mutating }, index) => mutating && all.findIndex((other) => other.call === call) === index);
}

describe('row 25: a change that takes effect while AWS answers that it failed', () => {
  const guestFails = [{ metricName: 'StatusCheckFailed_Instance', heals: 'on-reboot' }] as const;
  const member: Given = {
    fleet: [{ symptoms: [runaway], autoScalingGroupName: 'web' }],
    variables: { AUTO_SCALING: 'standby' },
  };
  const isolation = { playbook: 'isolate-instance', starts: { by: 'manual' } } as const;
  const patching = {
    playbook: 'patch-instance',
    starts: { by: 'manual', input: { operation: 'scan' } },
    account: { managed: true },
  } as const;

  test.each<[string, string, Given]>([
    ['StopInstances', 'RESOLVED', {}],
    ['StartInstances', 'RESOLVED', {}],
    ['RebootInstances', 'RESOLVED', { fleet: [{ symptoms: [...guestFails] }] }],
    ['EnterStandby', 'RESOLVED', member],
    ['ExitStandby', 'RESOLVED', member],
    ['CreateSnapshots', 'CONTAINED', { ...isolation, answers: [{ subject: 'isolate', answer: 'yes' }] }],
    ['SendCommand', 'SCANNED', patching],
  ])('%s is made once', async (command, outcome, given) => {
    const result = await drill({ ...given, faults: [{ name: 'answer-lost', command }] });

    expect(onlyIncident(result).outcome).toBe(outcome);
    expect(effects(result, command)).toBe(1);
  });
});

describe.each(['crash-before-call', 'crash-after-call'])('row 25: %s', (name) => {
  test('at every kind of change in turn: the retry observes, and nothing is done twice', async () => {
    const found: string[] = [];
    const places = await boundaries();
    for (const { n, call } of places) {
      const result = await drill({ faults: [{ name, n }] });
      const { outcome } = onlyIncident(result);
      const changed = [effects(result, 'StopInstances'), effects(result, 'StartInstances')];
      if (outcome !== 'RESOLVED' || changed.join() !== '1,1') found.push(`${n} ${call}: ${outcome}, ${changed}`);
    }

    expect(places.length).toBeGreaterThan(10);
    expect(found).toEqual([]);
  });
});
