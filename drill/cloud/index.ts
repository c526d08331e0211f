export type { Caller } from './caller';
export { SimulatedCloud, type SimulatedCloudOptions } from './cloud';
export type { MetricName, Point, Series, Window, World } from './cloudwatch/metric';
export { type InstanceSpecInput, instanceSpecSchema, type SymptomInput, symptomSchema } from './ec2/spec';
export type { CloudEvent } from './environment';
export { RuntimeExitError, UnmodelledCommandError, UnmodelledInputError } from './errors';
export { type FaultSpec, listFaults } from './faults/registry';
export type { Ledger, LedgerEntry } from './ledger';
export type { ServiceName } from './service';
