import { readFile } from 'node:fs/promises';
import { InputFileError } from './input-file-error';

/** Node cannot hold a longer text; a year's exports are much shorter. */
const mostBytes = 400_000_000;

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

const packed: readonly [name: string, signature: readonly number[], howTo: string][] = [
  ['compressed with gzip', [0x1f, 0x8b], 'Unpack it first: gunzip FILE'],
  ['compressed with Zstandard', [0x28, 0xb5, 0x2f, 0xfd], 'Unpack it first: unzstd FILE'],
  ['a ZIP archive', [0x50, 0x4b, 0x03, 0x04], 'Unpack it first; save a spreadsheet as CSV'],
  ['a Parquet file', [0x50, 0x41, 0x52, 0x31], 'Export it as CSV or JSON'],
];

/** The error class of a kind of input. */
export type InputFileErrorKind = new (...given: ConstructorParameters<typeof InputFileError>) => InputFileError;

/**
 * Reads a text file that may begin with a byte order mark, in UTF-8 or (as Windows PowerShell redirects) in UTF-16.
 * @throws InputFileError, of the given kind, if it cannot be read or is not text
 */
export async function readText(file: string, Kind: InputFileErrorKind = InputFileError): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new Kind({ file, line: 1 }, `cannot be read (${code})`, { cause });
  }
  return decode(bytes, file, Kind);
}

/** Like `readText`, for bytes in memory. */
export function decode(bytes: Uint8Array, file: string, Kind: InputFileErrorKind = InputFileError): string {
  const place = { file, line: 1 };
  if (bytes.length > mostBytes) {
    const howTo = 'Export fewer metrics, or a shorter period, per file';
    throw new Kind(place, `has ${Math.round(bytes.length / 1e6)} MB, more than a file may have`, { howTo });
  }
  const known = packed.find(([, signature]) => signature.every((byte, i) => bytes[i] === byte));
  if (known) throw new Kind(place, `is ${known[0]}`, { howTo: known[2] });
  const text = textOf(bytes, encodingOf(bytes));
  if (text === undefined) throw new Kind(place, 'is not text', { howTo: 'Export it as CSV or JSON, in UTF-8' });
  return text;
}

function encodingOf([first, second]: Uint8Array): Encoding {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

/** A decoder removes the byte order mark. */
function textOf(bytes: Uint8Array, encoding: Encoding): string | undefined {
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
    return undefined;
  }
}
