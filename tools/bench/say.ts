export const say = (line: string) => process.stdout.write(`${line}\n`);

/** A table in Markdown; the first row is its head. */
export const table = (rows: readonly (readonly string[])[]) => {
  for (const [i, row] of rows.entries()) {
    say(`| ${row.join(' | ')} |`);
    if (i === 0) say(`|${' --- |'.repeat(row.length)}`);
  }
  say('');
};
