import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { PackagingPlugin } from '../../../tools/packaging/packaging-plugin';

const params = parse(readFileSync(join(__dirname, '../../../resources/stages.yml'), 'utf8'));

/** As much of the Serverless Framework as the plugin touches; `spawned` notes what it was asked to run, and how it would bundle. */
function framework() {
  const esbuild: Record<string, unknown> = { bundle: true };
  const spawned: Array<{ command: string; packages: unknown }> = [];
  const serverless = {
    classes: { Error: class extends Error {} },
    configurationInput: { params },
    service: {
      functions: {},
      resources: {},
      custom: { esbuild },
      provider: { tags: {}, compiledCloudFormationTemplate: { Resources: {} } },
    },
    pluginManager: {
      spawn: async (command: string) => void spawned.push({ command, packages: esbuild.packages }),
    },
  };
  return { serverless, esbuild, spawned };
}

test('serverless template packages the stack without the code of other packages', async () => {
  const { serverless, spawned } = framework();

  await new PackagingPlugin(serverless).hooks['template:make']!();

  expect(spawned).toEqual([{ command: 'package', packages: 'external' }]);
});

test('no other command changes what is bundled', () => {
  const { serverless, esbuild } = framework();

  new PackagingPlugin(serverless).hooks.initialize!();

  expect(esbuild).toEqual({ bundle: true });
});
