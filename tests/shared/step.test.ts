import * as z from '../../functions/shared/schema';
import { step } from '../../functions/shared/step';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';

beforeEach(() => {
  setEnvironment();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => jest.restoreAllMocks());

test('a step is not given up before Lambda ends it: its work would go on beside its retry', async () => {
  let finish = () => {};
  const work = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const handler = step('some-step', z.object({}), () => work.then(() => ({ done: true })));
  const outcome = jest.fn();
  const result = Promise.resolve(handler({}, { ...lambdaContext, getRemainingTimeInMillis: () => 10 })).then(
    outcome,
    outcome,
  );
  await new Promise((resolve) => setTimeout(resolve, 50));

  expect(outcome).not.toHaveBeenCalled();
  finish();
  await result;
  expect(outcome).toHaveBeenCalledWith({ done: true });
});
