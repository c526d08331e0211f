import { styleText } from 'node:util';
import { forTerminal, shown } from './shown';

export type Colour = 'green' | 'red' | 'yellow' | 'cyan' | 'dim' | 'bold';

/** Colours text, or leaves it as it is for a file, a pipe or NO_COLOR. */
export type Paint = (colour: Colour, text: string) => string;

export const plainPaint: Paint = (_colour, text) => text;
export const colourPaint: Paint = (colour, text) => styleText(colour, text);

/** Colours for a stream: only on a terminal, and not with NO_COLOR (no-color.org). */
export function paintFor(stream: { isTTY?: boolean }, environment: NodeJS.ProcessEnv = process.env): Paint {
  return isColoured(stream, environment) ? colourPaint : plainPaint;
}

const isColoured = ({ isTTY }: { isTTY?: boolean }, environment: NodeJS.ProcessEnv) =>
  isTTY === true && !environment.NO_COLOR;

/** What a stream may be sent: our own colours where there are colours, and nothing else that would steer a terminal. */
export function cleanFor(
  stream: { isTTY?: boolean },
  environment: NodeJS.ProcessEnv = process.env,
): (line: string) => string {
  return isColoured(stream, environment) ? forTerminal : shown;
}
