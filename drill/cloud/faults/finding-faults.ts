import { z } from 'zod';
import { fault } from './fault';

/** What GuardDuty, asked again, says of the findings that came as events. */
export const findingFaults = [
  fault({
    name: 'finding-otherwise',
    description: 'GuardDuty, asked again, has the findings otherwise than their events say.',
    params: z.strictObject({
      known: z.boolean().optional().describe('Whether it has them at all.'),
      archived: z.boolean().optional().describe('Whether they are archived.'),
      sample: z.boolean().optional().describe('Whether they are samples.'),
      type: z.string().optional().describe('Their type.'),
      severity: z.number().optional().describe('Their severity.'),
      instanceId: z.string().optional().describe('The instance that they are about.'),
      address: z.string().optional().describe('The address at the other end.'),
      account: z.string().optional().describe('The account that they are about.'),
      updatedAt: z.string().optional().describe('When they were last updated.'),
    }),
    apply: (otherwise, { guardDuty }) => {
      guardDuty.otherwise = otherwise;
      return {};
    },
  }),
  fault({
    name: 'guardduty-off',
    description: 'GuardDuty is switched off in the account and region.',
    params: z.strictObject({}),
    apply: (_params, { guardDuty }) => {
      guardDuty.isOn = false;
      return {};
    },
  }),
];
