import { GetDetectorCommand, ListDetectorsCommand } from '@aws-sdk/client-guardduty';
import { ListSubscriptionsByTopicCommand, type Subscription } from '@aws-sdk/client-sns';
import { ask, orNothing } from './ask';
import { arnIn, type Check, type Subject } from './check';
import { type Answer, fail, ok, some, warn } from './line';

/** What SNS says in place of an ARN until the receiver confirms. Source: SNS API reference, ListSubscriptionsByTopic. */
const pending = 'PendingConfirmation';

/** Who gets the stage's notices, without its own function for chat; undefined where there is no topic. */
async function subscriptionsOf(subject: Subject): Promise<Subscription[] | undefined> {
  const found: Subscription[] = [];
  let NextToken: string | undefined;
  do {
    const input = { TopicArn: arnIn(subject, 'sns', '*-notices'), ...(NextToken ? { NextToken } : {}) };
    const page = await orNothing(
      /NotFound/,
      ask('sns:ListSubscriptionsByTopic', () => subject.clients.sns.send(new ListSubscriptionsByTopicCommand(input))),
    );
    if (!page) return undefined;
    found.push(...(page.Subscriptions ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  const own = `function:incident-playbooks-${subject.stage}-send-chat`;
  return found.filter(({ Endpoint = '' }) => !Endpoint.endsWith(own));
}

/** Whether notices reach anybody. */
export async function readTopic(subject: Subject): Promise<Answer> {
  const { stage, place } = subject;
  const all = await subscriptionsOf(subject);
  if (!all)
    return fail('there is no topic of notices', `npx serverless deploy --stage ${stage} --region ${place.region}`);
  const name = ({ Protocol = '', Endpoint = '' }: Subscription) => `${Protocol} ${Endpoint}`;
  const waiting = all.filter(({ SubscriptionArn }) => SubscriptionArn === pending).map(name);
  const confirmed = all.filter(({ SubscriptionArn = '' }) => SubscriptionArn.startsWith('arn:')).map(name);
  const confirm = `confirm with the link in SNS's mail to ${some(waiting)}; for another mail subscribe again`;
  if (confirmed.length === 0 && waiting.length > 0) return fail(`nobody has confirmed: ${some(waiting)}`, confirm);
  if (confirmed.length === 0)
    return fail(
      'nobody is subscribed, so nobody is told',
      `aws sns subscribe --topic-arn ${arnIn(subject, 'sns', '*-notices')} --protocol email --notification-endpoint ADDRESS`,
    );
  const said = `${some(confirmed)} confirmed`;
  return waiting.length > 0 ? warn(`${said}; not confirmed: ${some(waiting)}`, confirm) : ok(said);
}

const topic: Check = { id: 'topic', what: 'notices', isOfStage: true, ask: readTopic };

/** The detector that is enabled; undefined if there is none. */
export async function readDetector({ clients: { guardDuty } }: Subject): Promise<string | undefined> {
  const { DetectorIds = [] } = await ask('guardduty:ListDetectors', () => guardDuty.send(new ListDetectorsCommand({})));
  for (const DetectorId of DetectorIds) {
    const { Status } = await ask('guardduty:GetDetector', () => guardDuty.send(new GetDetectorCommand({ DetectorId })));
    if (Status === 'ENABLED') return DetectorId;
  }
  return undefined;
}

const guardDuty: Check = {
  id: 'guardduty',
  what: 'GuardDuty',
  ask: async (subject) => {
    const detector = await readDetector(subject);
    if (detector) return ok(`on (detector ${detector})`);
    return warn(
      'off in this region: no finding starts an isolation or a block',
      'if findings are to start playbooks: aws guardduty create-detector --enable',
    );
  },
};

export const toldChecks: Check[] = [topic, guardDuty];
