import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { type Scenario, type ScenarioInput, scenarioSchema } from '../../drill/scenario/schema';
import { PlaybookError } from '../../functions/shared/errors';

/** The hand-written part of a page is missing or invalid; the message begins with its file. */
export class PartsError extends PlaybookError {}

const partsSchema = z.strictObject({
  /** Example input for a manual start, which the machine accepts as it is. */
  manualStart: z.record(z.string(), z.unknown()),
  /** The drill that the cost of a run is counted on: a scenario's name, or an inline scenario. */
  measure: z.union([z.string(), z.record(z.string(), z.unknown())]),
  /** Test files with more drills of the playbook. */
  tests: z.array(z.string()).default([]),
});

/** The hand-written part of a playbook's page; the rest is generated from the code. */
export interface Parts {
  manualStart: Record<string, unknown>;
  measure: string | Scenario;
  tests: string[];
  /** Markdown under second-level headings. */
  prose: string;
}

export const partsFile = (playbook: string, ending: 'md' | 'yml') => `docs/playbooks/parts/${playbook}.${ending}`;

/** @throws PartsError when a file is missing or a field is not valid */
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

/** @throws PartsError naming the invalid field, or the line and column where the YAML is not valid */
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
    story: 'A typical run, for the page of the playbook.',
    expect: {},
  };
  const parsed = scenarioSchema.safeParse({ ...usual, ...given });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new PartsError(`${file}: measure.${issue?.path.join('.')}: ${issue?.message}`);
}
