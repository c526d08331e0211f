import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';

const root = mkdtempSync(join(tmpdir(), 'project-'));
afterAll(() => rmSync(root, { recursive: true }));

test.each(['process.exitCode = 1', 'process.exit(1)', 'throw new Error()'])(
  'what is left in the temporary folder of a packaging goes with it: %s',
  (end) => {
    const program = `const { mkdirSync } = require('node:fs'), { tmpdir } = require('node:os');
      require('./packaging/temporary-folder').ownTemporaryFolder(${JSON.stringify(root)});
      mkdirSync(tmpdir() + '/left/behind', { recursive: true });
      process.stdout.write(tmpdir());
      ${end};`;
    const project = join(__dirname, '..', '..');
    const options = { cwd: project, encoding: 'utf8' } as const;
    const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', '-e', program], options);

    expect(status).toBe(1);
    expect(stdout.startsWith(join(root, '.drill') + sep)).toBe(true);
    expect(readdirSync(join(root, '.drill'))).toEqual([]);
  },
);
