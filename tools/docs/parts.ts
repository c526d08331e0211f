import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { type Scenario, type ScenarioInput, scenarioSchema } from '../../drill/scenario/schema';
import { PlaybookError } from '../../functions/shared/errors';

/** The part of a page that is written by hand is missing or wrong; the message begins with its file. */
export class PartsError extends PlaybookError {}

const partsSchema = z.strictObject({
  /** The input of a start by hand; an example that the machine takes as it is. */
  manualStart: z.record(z.string(), z.unknown()),
  /** What a good run costs is counted on this drill: the name of a scenario, or one of its own. */
  measure: z.union([z.string(), z.record(z.string(), z.unknown())]),
  /** Test files that drill the playbook beyond the scenarios. */
  tests: z.array(z.string()).default([]),
});

/** What a person writes for a playbook's page; the rest of the page is made from the code. */
export interface Parts {
  manualStart: Record<string, unknown>;
  measure: string | Scenario;
  tests: string[];
  /** Markdown, under headings of the second level. */
  prose: string;
}

export const partsFile = (playbook: string, ending: 'md' | 'yml') => `docs/playbooks/parts/${playbook}.${ending}`;

/** @throws PartsError when a file is missing or a field is wrong */
export function readParts(root: string, playbook: string): Parts {
  const prose = readText(root, partsFile(playbook, 'md'));
  const file = partsFile(playbook, 'yml');
  return { ...parseParts(readText(root, file), file), prose: prose.trim() };
}

function readText(root: string, file: string): string {
  try {
    return readFileSync(join(root, file), 'utf8');
  } catch (cause) {
    throw new PartsError(`${file}: every playbook needs this file`, { cause });
  }
}

/** @throws PartsError naming the field that is wrong, or line and column of what is no YAML */
export function parseParts(text: string, file: string): Omit<Parts, 'prose'> {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  const [problem] = document.errors;
  if (problem) {
    const { line, col } = lineCounter.linePos(problem.pos[0]);
    throw new PartsError(`${file}:${line}:${col}: ${problem.message.split('\n')[0]}`, { cause: problem });
  }
  const parsed = partsSchema.safeParse(document.toJS());
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new PartsError(`${file}: ${issue?.path.join('.') || 'the file'}: ${issue?.message}`);
  }
  const { measure, ...rest } = parsed.data;
  return { ...rest, measure: typeof measure === 'string' ? measure : inline(measure, file) };
}

function inline(given: Record<string, unknown>, file: string): Scenario {
  const usual: ScenarioInput = {
    name: basename(file, '.yml'),
    story: 'An ordinary run, for the page of the playbook.',
    expect: {},
  };
  const parsed = scenarioSchema.safeParse({ ...usual, ...given });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new PartsError(`${file}: measure.${issue?.path.join('.')}: ${issue?.message}`);
}
