import { gzipSync } from 'node:zlib';
import { InputFileError } from '../../../drill/input/input-file-error';
import { decode } from '../../../drill/input/read-text';

const utf16be = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16();

test.each([
  ['UTF-8', Buffer.from('schön')],
  ['UTF-8 with a byte order mark', Buffer.from('\ufeffschön')],
  ['UTF-16 as Windows PowerShell writes it', Buffer.from('\ufeffschön', 'utf16le')],
  ['UTF-16, big endian', utf16be('schön')],
])('reads %s, without its byte order mark', (_title, bytes) => {
  expect(decode(bytes, 'a.csv')).toBe('schön');
});

test.each([
  ['gzip', gzipSync('timestamp,value\n'), 'a.csv:1: is compressed with gzip. Unpack it first: gunzip FILE'],
  ['a spreadsheet', Buffer.from('PK\u0003\u0004…'), 'a.csv:1: is a ZIP archive. Unpack it first; save a spreadsheet'],
  ['bytes that are no UTF-8', Buffer.from([0x74, 0xff, 0xfe, 0x74]), 'a.csv:1: is not text'],
  ['UTF-16 without a mark', Buffer.from('timestamp', 'utf16le'), 'a.csv:1: is not text'],
  ['half a character of UTF-16', Buffer.from('\ufefft', 'utf16le').subarray(0, 3), 'a.csv:1: is not text'],
])('refuses %s, and says what to do', (_title, bytes, message) => {
  expect(() => decode(bytes, 'a.csv')).toThrow(InputFileError);
  expect(() => decode(bytes, 'a.csv')).toThrow(message);
});
