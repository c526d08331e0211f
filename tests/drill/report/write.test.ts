import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileName, ReportFolderError, writeReports } from '../../../drill/report/write';
import { reportInput } from '../../fixtures/report';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reports-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('writes a page a run and an index that links to all of them, earlier ones too', async () => {
  await writeReports(folder, [reportInput({ name: 'first' })]);

  const written = await writeReports(folder, [reportInput({ name: 'second', ok: false })]);

  const index = await readFile(join(folder, 'index.html'), 'utf8');
  expect(written).toEqual([join(folder, 'second.html'), join(folder, 'index.html')]);
  expect([...index.matchAll(/<a href="([^"]*)"/g)].map(([, file]) => file)).toEqual(['first.html', 'second.html']);
  expect(index).toContain('1 of 2 runs did not go as expected.');
});

test('Markdown is a file a run, and no index', async () => {
  await writeReports(folder, [reportInput()], 'markdown');

  expect(await readdir(folder)).toEqual(['cpu-high.md']);
});

test('a folder that cannot be made is named', async () => {
  const file = join(folder, 'README.md');
  await writeFile(file, 'a file');

  const written = writeReports(file, [reportInput()]);

  await expect(written).rejects.toThrow(ReportFolderError);
  await expect(written).rejects.toThrow(`--report ${file}: the folder cannot be created (EEXIST)`);
});

test('a summary in the folder that is none is named', async () => {
  await writeFile(join(folder, 'odd.run.json'), '{"file":"../../etc/passwd"}');

  await expect(writeReports(folder, [reportInput()])).rejects.toThrow(ReportFolderError);
  await expect(writeReports(folder, [reportInput()])).rejects.toThrow('odd.run.json');
});

test.each([
  ['../../etc/passwd', 'etc-passwd'],
  ['CPU high / prod', 'cpu-high-prod'],
  ['…', 'run'],
])('the name %p becomes the file %p', (name, file) => {
  expect(fileName(name)).toBe(file);
});
