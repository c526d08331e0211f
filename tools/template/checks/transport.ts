import { type Check, ofType, valueAt } from './model';

interface Statement {
  Effect: string;
  Condition?: Record<string, Record<string, unknown>>;
}

const kept: [type: string, policy: string, names: string][] = [
  ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'Bucket'],
  ['AWS::SNS::Topic', 'AWS::SNS::TopicPolicy', 'Topics'],
  ['AWS::SQS::Queue', 'AWS::SQS::QueuePolicy', 'Queues'],
];

/** What has a policy of its own refuses requests that are not encrypted on their way. */
export const transport: Check = (template) =>
  kept.flatMap(([type, policy, names]) => {
    const refusing = ofType(template, policy).filter(([, { Properties }]) =>
      ((valueAt(Properties.PolicyDocument, 'Statement') ?? []) as Statement[]).some(
        ({ Effect, Condition }) => Effect === 'Deny' && String(Condition?.Bool?.['aws:SecureTransport']) === 'false',
      ),
    );
    const covered = JSON.stringify(refusing.map(([, { Properties }]) => Properties[names]));
    return ofType(template, type)
      .filter(([id]) => !covered.includes(`"${id}"`))
      .map(([at]) => ({ at, what: 'takes requests in plain text' }));
  });
