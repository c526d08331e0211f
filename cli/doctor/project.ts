import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, type ScalarTag } from 'yaml';
import { withParts } from '../../packaging/parts';
import { machineNames } from '../../packaging/read-machines';
import { parseStages, type StageParams } from '../../packaging/stages';

const root = join(__dirname, '..', '..');

/** CloudFormation's short forms, read as what stands behind them. */
const customTags: ScalarTag[] = ['Ref', 'Sub', 'GetAtt', 'Equals', 'Not', 'If', 'Join', 'Select', 'Split'].flatMap(
  (name) =>
    [undefined, 'seq' as const].map((collection) => {
      const resolve = (value: unknown) => (collection ? (value as { toJSON(): unknown }).toJSON() : value);
      return { tag: `!${name}`, ...(collection ? { collection } : {}), resolve } as unknown as ScalarTag;
    }),
);

const parsed = new Map<string, unknown>();

/** What a file of the project says, parsed once: the project does not change while a command runs. */
function read(file: string): unknown {
  if (!parsed.has(file))
    parsed.set(file, parse(readFileSync(join(root, file), 'utf8'), { customTags, merge: true, logLevel: 'silent' }));
  return parsed.get(file);
}

/**
 * The files that serverless.yml lists in a section: `${file(resources/rules.yml)}`. One whose name a param chooses is left
 * out: it belongs to a choice of the stage, and has no rule.
 */
function filesOf(section: 'functions' | 'resources'): string[] {
  const listed = (read('serverless.yml') as Record<string, unknown>)[section];
  return [...JSON.stringify(listed).matchAll(/\$\{file\(([^)]+)\)\}/g)]
    .map(([, file = '']) => file)
    .filter((file) => !file.includes('${'));
}

/** The names of a stage's machines, as this version of the project has them. */
export const machinesOf = (stage: string): string[] =>
  machineNames(root).map((name) => `incident-playbooks-${stage}-${name}`);

type Resources = Parameters<typeof withParts>[0];

/** The names of a stage's rules, as this version of the project has them. */
export function rulesOf(stage: string): string[] {
  const parts = read('resources/parts.yml');
  return filesOf('resources')
    .flatMap((file) => Object.values(withParts((read(file) as { Resources?: Resources }).Resources ?? {}, parts)))
    .filter(({ Type }) => Type === 'AWS::Events::Rule')
    .map(({ Properties }) =>
      String(Properties?.Name).replace('${self:service}', 'incident-playbooks').replace('${sls:stage}', stage),
    )
    .sort();
}

/** A statement of a function's role as its functions.yml has it. */
export interface RoleStatement {
  Effect: 'Allow' | 'Deny';
  Action: string | string[];
  Resource: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

/** The statements of each function's role, by the name of the function in AWS without service and stage. */
export function roleStatements(): Map<string, RoleStatement[]> {
  const all = filesOf('functions').flatMap((file) =>
    Object.entries(read(file) as Record<string, { iamRoleStatements?: RoleStatement[] }>),
  );
  return new Map(
    all.map(([key, { iamRoleStatements = [] }]) => [
      key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      iamRoleStatements,
    ]),
  );
}

/** The params of a stage. @throws StageParamError */
export const paramsOf = (stage: string): StageParams => parseStages(read('resources/stages.yml'), stage);
