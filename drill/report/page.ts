import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Html, html } from './html';

const asset = (name: string) => readFileSync(join(__dirname, 'assets', name), 'utf8');
const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * One self-contained page. Its Content-Security-Policy allows only its own style and script, by hash: no requests, no
 * inline handlers, no forms.
 * @param kind `still` for a page without a script
 */
export function page(title: string, body: Html, kind: 'live' | 'still' = 'live'): string {
  const style = asset('report.css');
  const script = kind === 'live' ? asset('report.js') : undefined;
  const scripts = script === undefined ? '' : ` script-src ${hash(script)};`;
  const policy = `default-src 'none'; img-src data:; style-src ${hash(style)};${scripts} base-uri 'none'; form-action 'none'`;
  return `${html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
${script !== undefined && html`<link rel="icon" href="data:,">`}
<title>${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
${body}
${script !== undefined && html`<script>${new Html(script)}</script>`}
</body>
</html>
`}`;
}
