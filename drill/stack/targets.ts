import type { CloudEvent } from '../cloud';
import type { StackResource } from './template';

/** A target of a rule, as the template has it. */
export interface Target {
  Id?: string;
  Arn: string;
  Input?: string;
  InputPath?: string;
  InputTransformer?: unknown;
  RoleArn?: string;
  RetryPolicy?: { MaximumEventAgeInSeconds?: number | string; MaximumRetryAttempts?: number | string };
  DeadLetterConfig?: { Arn?: string };
}

/** CloudFormation takes a pattern as JSON too, in a text. */
export const patternOf = (pattern: unknown): unknown => (typeof pattern === 'string' ? JSON.parse(pattern) : pattern);

/** The targets of a rule. */
export function targetsOf(rule: StackResource): Target[] {
  return (rule.properties.Targets as Target[] | undefined) ?? [];
}

/** What a target is given of an event. */
export function inputOf(target: Target, event: CloudEvent): unknown {
  if (target.Input !== undefined) return JSON.parse(target.Input);
  if (target.InputPath === undefined) return event;
  const steps = target.InputPath.split('.').slice(1);
  return steps.reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], event);
}
