import { commandsOf, proseOf, textOf } from '../../tools/docs/pages';

const english = textOf('README.md');
const chinese = textOf('README.zh-TW.md');
const linksOf = (text: string) =>
  [...proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !target.startsWith('README'))
    .sort();
const shapeOf = (text: string) =>
  proseOf(text)
    .split('\n')
    .map((line) => /^(#+|-|\d+\.|\||!)(?= |$|\[)/.exec(line)?.[1])
    .filter(Boolean)
    .join(' ');

test('both READMEs have the same headings, lists and table rows', () => {
  expect(shapeOf(chinese)).toBe(shapeOf(english));
});

test('both give the same commands', () => {
  expect(commandsOf(chinese)).toEqual(commandsOf(english));
});

test('both link to the same pages, and to each other', () => {
  expect(linksOf(chinese)).toEqual(linksOf(english));
  expect(english).toContain('(README.zh-TW.md)');
  expect(chinese).toContain('(README.md)');
});

test('the Chinese one is written in Traditional characters', () => {
  // Simplified forms of words that the page needs in any case.
  expect(chinese).not.toMatch(/实例|启动|状态|标签|警报|费用|证据|审批|执行|隔离|脚本/);
  expect(chinese).toMatch(/執行個體/);
});
