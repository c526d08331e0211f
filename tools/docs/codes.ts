import { codeTable } from '../../functions/record/codes';
import { commandOf } from '../../functions/record/commands';
import { sentence } from './markdown';

const made = '<!-- Made by `npm run docs` from functions/record/codes.ts and commands.ts -->';

/** A section for each code, to which its notices lead: what to do, and the command for it. Pure; ends with a line break. */
export function codesPage(): string {
  const sections = [...codeTable()].flatMap(([name, { by, todo, counts = [] }]) => [
    `## ${name}`,
    sentence(todo),
    ...(todo.startsWith('nothing') ? [] : [`\`\`\`text\n${commandOf(name)}\n\`\`\``]),
    `Reported by ${by}.${counts.length > 0 ? ` Counted as ${counts.map((one) => one.name).join(', ')}.` : ''}`,
  ]);
  const blocks = [
    '# What to do, by code',
    made,
    'Every notice names the code of its incident and leads here. The notice has the same command with its own instance, region, stage and incident. [All outcomes and codes](outcomes.md) in one table.',
    ...sections,
  ];
  return `${blocks.join('\n\n')}\n`;
}
