import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shippedOnly } from '../../../tools/supply/sbom';

const root = join(__dirname, '../../..');
const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');

test('the bill of materials names every package that is shipped, and no tool', () => {
  const options = { cwd: root, encoding: 'utf8' as const, maxBuffer: 100_000_000, stdio: 'pipe' as const };
  const bill = execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx'], options);
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

  const names = shippedOnly(bill, lock).components.map(({ name }) => name);

  expect(names).toEqual(expect.arrayContaining(Object.keys(dependencies)));
  expect(names).toEqual(expect.arrayContaining(['@smithy/core', '@aws-sdk/core']));
  for (const tool of ['jest', 'serverless', '@cloud-copilot/iam-simulate']) expect(names).not.toContain(tool);
});

test('what goes away goes away as a dependency too', () => {
  const component = (name: string) => ({ 'bom-ref': name, name, version: '1.0.0' });
  const bill = {
    metadata: { component: { name: 'folder' } },
    components: [component('a'), component('tool')],
    dependencies: [{ ref: 'root', dependsOn: ['a', 'tool'] }, { ref: 'a' }, { ref: 'tool', dependsOn: ['a'] }],
  };
  const small = {
    name: 'project',
    packages: { '': {}, 'node_modules/a': { version: '1.0.0' }, 'node_modules/tool': { version: '1.0.0', dev: true } },
  };

  expect(shippedOnly(JSON.stringify(bill), JSON.stringify(small))).toEqual({
    metadata: { component: { name: 'project' } },
    components: [component('a')],
    dependencies: [
      { ref: 'root', dependsOn: ['a'] },
      { ref: 'a', dependsOn: [] },
    ],
  });
});
