import { InvalidInputError } from '../../../functions/shared/errors';
import type { Models } from '../models';
import { alarmFaults } from './alarm-faults';
import { callFaults } from './call-faults';
import type { ActiveFault, FaultModel } from './fault';
import { findingFaults } from './finding-faults';
import { instanceFaults } from './instance-faults';
import { logFaults } from './log-faults';
import { placeFaults } from './place-faults';

const FAULTS: readonly FaultModel[] = [
  ...instanceFaults,
  ...callFaults,
  ...alarmFaults,
  ...findingFaults,
  ...logFaults,
  ...placeFaults,
];

/** A fault as a scenario names it, with its parameters beside the name. */
export interface FaultSpec {
  name: string;
  [param: string]: unknown;
}

/** All faults that can be named, with a line on each and the schema of their parameters. */
export function listFaults(): readonly Pick<FaultModel, 'name' | 'description' | 'params'>[] {
  return FAULTS;
}

/** Switches faults on. @throws InvalidInputError when one is unknown or a parameter is wrong. */
export function applyFaults(specs: readonly FaultSpec[], cloud: Models): ActiveFault[] {
  return specs.map(({ name, ...params }, index) => {
    const model = FAULTS.find((fault) => fault.name === name);
    if (!model) throw new InvalidInputError(`faults[${index}].name`, `there is no fault '${name}'`);
    const parsed = model.params.safeParse(params);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new InvalidInputError(['faults', index, ...(issue?.path ?? [])].join('.'), issue?.message ?? 'is wrong', {
        cause: parsed.error,
      });
    }
    return model.apply(parsed.data, cloud);
  });
}
