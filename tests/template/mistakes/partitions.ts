import { add, change, type Planted, roleOf, type Statement } from './statements';

const key = 'dynamodb:LeadingKeys';
const operator = 'ForAllValues:StringLike';
const partitionsOf = (one: Statement) => one.Condition![operator]![key] as string[];
const widened = (role: string, partition: string, action = 'dynamodb:PutItem') =>
  change(roleOf(role), action, (one) => void partitionsOf(one).push(partition));
const foreign = (role: string, what: string, action = 'dynamodb:PutItem') =>
  `${roleOf(role)} may write ${what}, which is not its own: ${action} on`;

/** Rights to write items of the table that belong to others. */
export const partitions: Planted[] = [
  ['approvals', widened('StopInstance', 'APPROVAL#*'), foreign('StopInstance', 'approvals')],
  ['approvals of one incident', widened('TakeSnapshots', 'APPROVAL#inc-*'), foreign('TakeSnapshots', 'approvals')],
  ['approvals by the step that closes', widened('CloseIncident', 'APPROVAL#*'), foreign('CloseIncident', 'approvals')],
  ['evidence', widened('RestoreInstance', 'EVIDENCE#*'), foreign('RestoreInstance', 'evidence')],
  ['evidence by who answers', widened('AnswerApproval', 'EVIDENCE#*'), foreign('AnswerApproval', 'evidence')],
  ['the kill switch', widened('PlanAction', 'CONTROL'), foreign('PlanAction', 'the kill switch')],
  ['the circuit breaker', widened('StopInstance', 'FLEET'), foreign('StopInstance', 'the circuit breaker')],
  [
    'the circuit breaker by the step that closes',
    widened('CloseIncident', 'FLEET'),
    foreign('CloseIncident', 'the circuit breaker'),
  ],
  [
    'the circuit breaker by the step that counts storms',
    widened('OpenIncident', 'F*'),
    foreign('OpenIncident', 'the circuit breaker'),
  ],
  ['where starts fail', widened('PlanAction', 'PLACES'), foreign('PlanAction', 'where starts fail')],
  [
    'where starts fail by the step that takes a turn',
    widened('TakeOutOfService', 'PLACES'),
    foreign('TakeOutOfService', 'where starts fail'),
  ],
  ['whose turn it is', widened('StartInstance', 'TURNS'), foreign('StartInstance', 'whose turn it is')],
  ['a storm of findings', widened('OpenIncident', 'FINDING_STORM'), foreign('OpenIncident', 'the storm of findings')],
  ['a storm of suspicions', widened('TellFinding', '*_STORM'), foreign('TellFinding', 'the storm of suspicions')],
  ['the pace of enrolment', widened('SweepAlarms', 'ENROL*'), foreign('SweepAlarms', 'the pace of enrolment')],
  ['a digest', widened('OpenIncident', 'DIGESTS'), foreign('OpenIncident', 'the count of ends alike')],
  [
    'the count of isolations',
    widened('HoldInstance', 'ISOLATION*'),
    foreign('HoldInstance', 'whom people were asked about'),
  ],
  ['blocks', widened('GroupBlocks', 'BLOCKS'), foreign('GroupBlocks', 'blocks')],
  ['a group of blocks', widened('ReserveBlock', 'BLOCK*'), foreign('ReserveBlock', 'the group of a request')],
  ['a storm', widened('PlanAction', 'STORM#*'), foreign('PlanAction', 'the count of a storm')],
  ['everything', widened('StopInstance', '*'), foreign('StopInstance', 'the kill switch')],
  ['everything but one letter', widened('StopInstance', '?*'), foreign('StopInstance', 'approvals')],
  [
    'partitions to come',
    widened('AskApproval', 'F*'),
    foreign('AskApproval', 'a partition that the product does not have'),
  ],
  [
    'any of the keys instead of all',
    change(roleOf('StopInstance'), 'dynamodb:PutItem', (one) => {
      const { [operator]: all, ...others } = one.Condition!;
      one.Condition = { ...others, 'ForAnyValue:StringLike': all! };
    }),
    foreign('StopInstance', 'approvals'),
  ],
  [
    'all but some',
    change(roleOf('StopInstance'), 'dynamodb:PutItem', (one) => {
      const { [operator]: _all, ...others } = one.Condition!;
      one.Condition = { ...others, 'ForAllValues:StringNotLike': { [key]: ['APPROVAL#*'] } };
    }),
    foreign('StopInstance', 'evidence'),
  ],
  [
    'no condition',
    change(roleOf('StopInstance'), 'dynamodb:PutItem', (one) => {
      delete one.Condition;
    }),
    foreign('StopInstance', 'approvals'),
  ],
  [
    'a request without a key',
    change(roleOf('StopInstance'), 'dynamodb:PutItem', (one) => {
      delete one.Condition!.Null;
    }),
    `${roleOf('StopInstance')} is allowed without ${key}: dynamodb:PutItem on`,
  ],
  [
    'a second statement',
    (resources) => {
      let table: unknown;
      change(roleOf('MarkInstance'), 'dynamodb:PutItem', (one) => {
        table = one.Resource;
      })(resources);
      const Condition = { 'ForAllValues:StringEquals': { [key]: ['FLEET'] }, Null: { [key]: 'false' } };
      add(roleOf('MarkInstance'), { Effect: 'Allow', Action: ['dynamodb:UpdateItem'], Resource: table, Condition })(
        resources,
      );
    },
    foreign('MarkInstance', 'the circuit breaker', 'dynamodb:UpdateItem'),
  ],
  [
    'too little: approvals that nobody can answer',
    change(roleOf('AnswerApproval'), 'dynamodb:UpdateItem', (one) => {
      one.Condition![operator]![key] = partitionsOf(one).filter((one) => one !== 'APPROVAL#*');
    }),
    `${roleOf('AnswerApproval')} may not write approvals, which is its own: dynamodb:UpdateItem`,
  ],
];
