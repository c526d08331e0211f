import { packageStage } from '../../drill/packaging/package-stage';
import { bundle } from './bundle';

test('every function is at most 1 MB unzipped, minified and tree-shaken', async () => {
  const { Resources } = await packageStage('dev');
  const handlers = Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => String(Properties.Handler));
  const sizes = await Promise.all(
    handlers.map(async (handler) => ({ handler, bytes: Buffer.byteLength(await bundle(handler)) })),
  );

  expect(sizes.length).toBeGreaterThan(15);
  expect(sizes.filter(({ bytes }) => bytes > 1_000_000)).toEqual([]);
});
