import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { logger } from '../../functions/shared/logger';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';

/** Every function of functions.yml files, by the path of its handler. */
const handlers = readdirSync('functions', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('functions.yml'))
  .flatMap((file) => [...readFileSync(join('functions', file), 'utf8').matchAll(/handler: (\S+)\.handler/g)])
  .map(([, path = '']) => path);

// Nothing listens there: a step that takes no input fails at its first call.
beforeEach(() => setEnvironment({ AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }));

test('there are functions', () => expect(handlers.length).toBeGreaterThan(40));

test.each(handlers)('a failure of %s is logged under the name of its file', async (path) => {
  const failed = jest.spyOn(logger, 'error').mockReturnValue(undefined);
  const { handler } = await import(join(process.cwd(), path));

  await expect(handler(undefined, lambdaContext)).rejects.toThrow();
  expect(failed).toHaveBeenCalledWith('step failed', expect.objectContaining({ step: basename(path) }));
});
