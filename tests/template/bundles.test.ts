import { packageStage } from '../../drill/packaging/package-stage';
import { clientsOf } from '../../tools/bench/cold-start';
import { type Bundle, bundleAll } from '../../tools/template/bundle';

interface Bundled {
  handler: string;
  whole: Bundle;
}

let all: Bundled[];
beforeAll(async () => {
  const { Resources } = await packageStage('dev');
  const handlers = Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => String(Properties.Handler));
  all = [...(await bundleAll(handlers))].map(([handler, whole]) => ({ handler, whole }));
});

/** What a bundle holds besides the AWS SDK and what the SDK itself needs. */
const besidesTheSdk = ({ parts }: Bundle) =>
  [...parts].filter(([file]) => /^functions\/|\/(zod|@middy|ipaddr\.js)\//.test(file));

test('every function is at most 1 MB unzipped, minified and tree-shaken', () => {
  expect(all.length).toBeGreaterThan(15);
  expect(all.filter(({ whole }) => whole.bytes > 1_000_000).map(({ handler }) => handler)).toEqual([]);
});

test('a function is small besides its SDK clients, which is what its cold start adds to theirs', () => {
  const heavy = all
    .map(({ handler, whole }) => ({
      handler,
      bytes: besidesTheSdk(whole).reduce((sum, [, bytes]) => sum + bytes, 0),
    }))
    .filter(({ bytes }) => bytes > 90_000);

  expect(heavy).toEqual([]);
});

test('what only some functions do is loaded by those alone', () => {
  const holding = (pattern: RegExp) =>
    all.filter(({ whole }) => [...whole.parts.keys()].some((file) => pattern.test(file)));

  const handlers = new Set(all.map(({ handler }) => handler.replace(/\.handler$/, '.ts')));
  const handlersIn = ({ parts }: Bundle) => [...parts.keys()].filter((file) => handlers.has(file));

  expect(all.filter(({ whole }) => handlersIn(whole).length !== 1).map(({ handler }) => handler)).toEqual([]);
  expect(holding(/metrics\/emit/).length).toBeLessThan(all.length / 4);
  expect(holding(/closing-incident/).map(({ handler }) => handler)).toEqual([
    expect.stringContaining('close-incident'),
  ]);
  expect(all.filter(({ whole }) => whole.text.includes('node:stream/web'))).toEqual([]);
  expect(all.filter(({ whole }) => clientsOf(whole).length === 0).length).toBeGreaterThan(0);
});
