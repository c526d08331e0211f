import { all, type Check, each, expects, ofType, type Properties, valueAt } from './model';

/** Every function and machine writes to a log group of the stack, and every log group ends what it keeps. */
export const logs: Check = all(
  each('AWS::Logs::LogGroup', ({ RetentionInDays }) =>
    Number(RetentionInDays) > 0 ? undefined : 'keeps logs for ever',
  ),
  each('AWS::StepFunctions::StateMachine', ({ LoggingConfiguration }) =>
    LoggingConfiguration && valueAt(LoggingConfiguration, 'Level') !== 'OFF' ? undefined : 'logs nothing',
  ),
  expects(
    'AWS::StepFunctions::StateMachine',
    'LoggingConfiguration.IncludeExecutionData',
    false,
    'logs what outsiders wrote into the state',
  ),
  (template) => {
    const groups = ofType(template, 'AWS::Logs::LogGroup').map(([, { Properties }]) => Properties.LogGroupName);
    return ofType(template, 'AWS::Lambda::Function')
      .filter(([, { Properties }]) => !writesTo(Properties, template, groups))
      .map(([at]) => ({ at, what: 'has no log group in the stack, so its logs would be kept for ever' }));
  },
);

/** A function that names no group writes to Lambda's own for it. */
function writesTo(
  { FunctionName, LoggingConfig }: Properties,
  template: Parameters<Check>[0],
  groups: unknown[],
): boolean {
  const named = valueAt({ LoggingConfig }, 'LoggingConfig.LogGroup') as { Ref?: string } | undefined;
  if (named?.Ref === undefined) return groups.includes(`/aws/lambda/${FunctionName}`);
  return template.Resources[named.Ref]?.Type === 'AWS::Logs::LogGroup';
}

/** What cannot be delivered waits in a queue: at every target of a rule, and at every function that is called asynchronously. */
export const deadLetters: Check = (template) => {
  const rules = ofType(template, 'AWS::Events::Rule');
  const targets = rules.flatMap(([at, { Properties }]) =>
    (Properties.Targets as Properties[]).map((target) => ({ at, target })),
  );
  const called = JSON.stringify(targets.map(({ target }) => target.Arn));
  return [
    ...targets
      .filter(({ target }) => !valueAt(target, 'DeadLetterConfig.Arn'))
      .map(({ at, target }) => ({ at, what: `has no dead-letter queue for ${target.Id}` })),
    ...targets
      .filter(({ target }) => !target.RetryPolicy)
      .map(({ at, target }) => ({ at, what: `does not say how long ${target.Id} is tried` })),
    ...ofType(template, 'AWS::Lambda::Function')
      .filter(([id, { Properties }]) => called.includes(`"${id}"`) && !Properties.DeadLetterConfig)
      .map(([at]) => ({ at, what: 'is called asynchronously and has no dead-letter queue' })),
    ...ofType(template, 'AWS::SQS::Queue')
      .filter(([, { Properties }]) => Number(Properties.MessageRetentionPeriod) !== 1_209_600)
      .map(([at]) => ({ at, what: 'keeps dead letters for less than the 14 days that SQS allows' })),
  ];
};

/** What starts a machine starts its alias, so that moving the alias is a way back (docs/adr/0003). */
export const aliases: Check = (template) => {
  const machines = ofType(template, 'AWS::StepFunctions::StateMachine').map(([id]) => id);
  const bare = (target: Properties) => machines.some((id) => JSON.stringify(target.Arn).includes(`"${id}"`));
  return [
    ...ofType(template, 'AWS::Events::Rule')
      .filter(([, { Properties }]) => (Properties.Targets as Properties[]).some(bare))
      .map(([at]) => ({ at, what: 'starts a machine without its alias' })),
    ...machines.filter((id) => !template.Resources[`${id}Alias`]).map((at) => ({ at, what: 'has no alias' })),
  ];
};

export const tracing: Check = all(
  expects('AWS::Lambda::Function', 'TracingConfig.Mode', 'Active', 'is not traced'),
  expects('AWS::StepFunctions::StateMachine', 'TracingConfiguration.Enabled', true, 'is not traced'),
);

/** A function without reserved concurrency can be starved by others of the account, and starve them. */
export const concurrency: Check = each('AWS::Lambda::Function', ({ ReservedConcurrentExecutions }) =>
  Number(ReservedConcurrentExecutions) > 0 ? undefined : 'has no reserved concurrency',
);

/** CloudFormation's quotas: 500 resources and 1 MB a template. Source: its user guide, "Quotas". */
export const quotas: Check = (template) => {
  const count = Object.keys(template.Resources).length;
  const bytes = Buffer.byteLength(JSON.stringify(template));
  return [
    ...(count > 500
      ? [{ at: 'Resources', what: `${count} resources are more than the 500 that a stack may have` }]
      : []),
    ...(bytes > 1_000_000 ? [{ at: 'Resources', what: `${bytes} bytes are more than the 1 MB of a template` }] : []),
  ];
};
