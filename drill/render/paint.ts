import { styleText } from 'node:util';

export type Colour = 'green' | 'red' | 'yellow' | 'cyan' | 'dim' | 'bold';

/** Colours a text, or leaves it alone where colours would be noise (a file, a pipe, NO_COLOR). */
export type Paint = (colour: Colour, text: string) => string;

export const plainPaint: Paint = (_colour, text) => text;
export const colourPaint: Paint = (colour, text) => styleText(colour, text);

/** Colours for a stream: only on a terminal, and never against NO_COLOR (no-color.org). */
export function paintFor(stream: { isTTY?: boolean }, environment: NodeJS.ProcessEnv = process.env): Paint {
  return stream.isTTY === true && !environment.NO_COLOR ? colourPaint : plainPaint;
}
