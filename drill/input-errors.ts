import { PlaybookError } from '../functions/shared/errors';
import { InputFileError } from './input/input-file-error';

/** Errors of what the user gave; anything else is the drill's own trouble. */
const inputErrors = [
  'ScenarioError',
  'ScenarioStartError',
  'InvalidInputError',
  'RerunError',
  'ReportFolderError',
  'StageError',
  'PackagingError',
  'TemplateError',
];

/** Whether an error tells a person what was wrong with what was given. */
export function isInputError(error: unknown): error is PlaybookError {
  return error instanceof InputFileError || (error instanceof PlaybookError && inputErrors.includes(error.name));
}
