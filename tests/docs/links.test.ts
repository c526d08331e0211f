import { existsSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { anchorOf } from '../../tools/docs/markdown';
import { pages, proseOf, root, textOf } from '../../tools/docs/pages';

/** The anchors of a page: its headings, without links and code marks. */
function anchorsOf(page: string): string[] {
  const headings = [...proseOf(textOf(page)).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    anchorOf(heading.replaceAll(/[`*]/g, '').replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')),
  );
}

const links = pages.flatMap((page) =>
  [...proseOf(textOf(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => ({ page, target })),
);
const own = links.filter(({ target }) => !/^https?:/.test(target));

test('every file and every heading that a page links to is there', () => {
  const broken = own.filter(({ page, target }) => {
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : normalize(join(dirname(page), path));
    if (!existsSync(join(root, file))) return true;
    return anchor !== undefined && (statSync(join(root, file)).isDirectory() || !anchorsOf(file).includes(anchor));
  });

  expect(own.length).toBeGreaterThan(100);
  expect(broken).toEqual([]);
});

test('links to other places are https', () => {
  expect(links.filter(({ target }) => target.startsWith('http:'))).toEqual([]);
});

test('every page of docs/ can be reached from the README, by one link or two', () => {
  const targetsOf = (from: string) =>
    own
      .filter(({ page }) => page === from)
      .map(({ target }) => normalize(join(dirname(from), target.split('#')[0] || '.')));
  const first = targetsOf('README.md');
  const reached = new Set(['README.md', ...first, ...first.flatMap(targetsOf)]);

  expect(pages.filter((page) => !reached.has(page))).toEqual([]);
});

test('the README keeps the two commands that everybody starts with', () => {
  const lines = textOf('README.md').split('\n');

  expect(lines).toContain('npm ci && npm run drill');
  expect(lines).toContain('npm cit');
});
