/**
 * The request that the `sns:publish` integration sends: its Parameters, with a Message that is an object as its JSON
 * text. Source: Step Functions guide, "Publish messages to an Amazon SNS topic", whose examples pass an object.
 */
export function publishRequest(parameters: unknown): object {
  const { Message, ...others } = parameters as { Message?: unknown };
  return { ...others, Message: typeof Message === 'string' ? Message : JSON.stringify(Message) };
}

/** An error of SNS as a Retry or Catch sees it: by the name of its exception in the SDK, such as `SNS.NotFoundException`. */
export function snsError(error: unknown): Error {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return Object.assign(new Error(message, { cause: error }), {
    name: `SNS.${name.replace(/(Exception)?$/, 'Exception')}`,
  });
}
