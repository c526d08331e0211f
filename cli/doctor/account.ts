import { GetAccountSettingsCommand } from '@aws-sdk/client-lambda';
import { GetServiceQuotaCommand } from '@aws-sdk/client-service-quotas';
import { ask, orNothing } from './ask';
import type { Check } from './check';
import { type Answer, fail, ok, some, warn } from './line';
import { roleStatements } from './project';

/** AWS keeps these of an account's concurrent executions unreserved. Source: Lambda developer guide, "Configuring reserved concurrency". */
const keptUnreserved = 100;
/** What a storm of alarms starts at once: less would throttle its steps, and Lambda's retries would be late. */
const wanted = 50;

/** The quota of concurrent executions. Source: Service Quotas, AWS Lambda, "Concurrent executions". */
const executionsQuota = 'L-B99A9384';

const raise = (service: string, code: string, to: number) =>
  `aws service-quotas request-service-quota-increase --service-code ${service} --quota-code ${code} --desired-value ${to}`;

const concurrency: Check = {
  id: 'concurrency',
  what: 'Lambda concurrency',
  ask: async ({ clients, params, settings }) => {
    const { AccountLimit: limit = {} } = await ask('lambda:GetAccountSettings', () =>
      clients.lambda.send(new GetAccountSettingsCommand({})),
    );
    const { ConcurrentExecutions: all = 0, UnreservedConcurrentExecutions: free = 0 } = limit;
    const said = `${free} of ${all} executions are unreserved`;
    const reserved = Number(params?.reservedConcurrency ?? 0);
    const functions = roleStatements().size;
    // A deployed stage has taken what it reserves.
    const needs = settings ? 0 : reserved * functions;
    if (needs > 0 && free - needs < keptUnreserved)
      return fail(
        `${said}; reservedConcurrency ${reserved} would reserve ${needs} for ${functions} functions, and AWS keeps ${keptUnreserved}`,
        `set reservedConcurrency to 0 in resources/stages.yml, or: ${raise('lambda', executionsQuota, needs + keptUnreserved + all - free)}`,
      );
    if (free < wanted)
      return warn(`${said}; a storm of alarms may be throttled`, raise('lambda', executionsQuota, 1000));
    return ok(said);
  },
};

interface Quota {
  service: string;
  code: string;
  what: string;
  least: number;
  why: string;
}

/**
 * Quotas that playbooks meet, and what they need at least. Source of the codes: Amazon VPC user guide, "Amazon VPC quotas",
 * whose rows "Rules per network ACL" (20) and "VPC security groups per Region" (2,500) link to them in Service Quotas.
 */
const quotas: Quota[] = [
  {
    service: 'vpc',
    code: 'L-2AEEBF1A',
    what: 'rules per network ACL',
    least: 20,
    why: 'each block takes one in each direction',
  },
  {
    service: 'vpc',
    code: 'L-E79EC296',
    what: 'security groups per region',
    least: 100,
    why: 'each isolation makes two',
  },
];

const serviceQuotas: Check = {
  id: 'quotas',
  what: 'service quotas',
  ask: async ({ clients }): Promise<Answer> => {
    const said: string[] = [];
    const low: (Quota & { value: number })[] = [];
    for (const quota of quotas) {
      const input = { ServiceCode: quota.service, QuotaCode: quota.code };
      const found = await orNothing(
        /NoSuchResource/,
        ask('servicequotas:GetServiceQuota', () => clients.quotas.send(new GetServiceQuotaCommand(input))),
      );
      const value = found?.Quota?.Value;
      said.push(`${value ?? 'the default of'} ${quota.what}`);
      if (value !== undefined && value < quota.least) low.push({ ...quota, value });
    }
    const [first] = low;
    if (!first) return ok(some(said));
    return warn(
      some(low.map(({ value, what, why }) => `only ${value} ${what}: ${why}`)),
      raise(first.service, first.code, first.least),
    );
  },
};

export const accountChecks: Check[] = [concurrency, serviceQuotas];
