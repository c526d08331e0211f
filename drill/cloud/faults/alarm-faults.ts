import { z } from 'zod';
import type { Models } from '../models';
import { fault } from './fault';
import { afterCalls, beforeCalls, once, when } from './when';

function setAll({ cloudWatch }: Models, value: 'OK' | 'INSUFFICIENT_DATA', reason: string): void {
  for (const alarm of cloudWatch.alarms.all())
    if (alarm.state.value === 'ALARM') cloudWatch.setState(alarm.name, value, reason);
}

/** Things that alarms do meanwhile. */
export const alarmFaults = [
  fault({
    name: 'alarm-stays-in-alarm',
    description: 'An alarm that has fired never returns to OK.',
    params: z.strictObject({}),
    apply: (_params, { cloudWatch }) => {
      cloudWatch.alarms.staysInAlarm = true;
      return {};
    },
  }),
  fault({
    name: 'alarm-goes-insufficient-data',
    description: 'An instance that was stopped reports no more metrics.',
    params: z.strictObject({}),
    apply: (_params, { cloudWatch }) => {
      cloudWatch.metrics.silentAfterStop = true;
      return {};
    },
  }),
  fault({
    name: 'alarm-recovers',
    description: 'The alarm returns to OK on its own just before, or after, a call by the playbook.',
    params: z.strictObject({ before: z.string().optional(), after: z.string().optional() }),
    apply: ({ before, after }, cloud) => {
      const recover = () => setAll(cloud, 'OK', 'Threshold no longer crossed');
      return {
        ...(before === undefined ? {} : beforeCalls(once(when({ command: before })), recover)),
        ...(after === undefined ? {} : afterCalls(once(when({ command: after })), recover)),
      };
    },
  }),
];
