import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export const root = join(__dirname, '..', '..');

const top = ['README.md', 'README.zh-TW.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'];

function inFolder(folder: string): string[] {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.md'));
  // Parts are included in the generated pages; their links are relative to those.
  return files.map((entry) => relative(root, join(entry.parentPath, entry.name))).filter((f) => !f.includes('/parts/'));
}

/** Every documentation page, by its path from the project folder. */
export const pages = [...top, ...inFolder('docs').sort()];

export const textOf = (page: string) => readFileSync(join(root, page), 'utf8');

/** Text outside fenced blocks. */
export const proseOf = (text: string) => text.replace(/^ *```[\s\S]*?^ *```$/gm, '');

/** The commands of a page: lines of fenced shell blocks with continued lines joined, and inline code that starts with npm, npx or aws. */
export function commandsOf(text: string): string[] {
  const blocks = [...text.matchAll(/^ *(?:\d+\. )?```sh\n([\s\S]*?)^ *```$/gm)].map(([, block = '']) => block);
  const lines = blocks.flatMap((block) => block.replaceAll(/\\\n\s*/g, ' ').split('\n'));
  const inline = [...proseOf(text).matchAll(/`((?:npm|npx|aws) [^`]+)`/g)].map(([, command = '']) => command);
  return [...lines, ...inline]
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter(Boolean)
    .flatMap((line) => line.split(' && '));
}
