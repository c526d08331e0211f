import { type Html, html, type Part } from './html';

/** A column's title, with the class of its cells, if any: number, time, mono, wide. */
export type Column = string | readonly [title: string, className: string];

/**
 * A table that scrolls if the page is too narrow.
 * @param label a description for screen readers
 * @param rows the cells in the order of the columns
 */
export function dataTable(label: string, columns: readonly Column[], rows: readonly (readonly Part[])[]): Html {
  const classes = columns.map((column) => (typeof column === 'string' ? '' : column[1]));
  const withClass = (index: number) => classes[index] && html` class="${classes[index]}"`;
  const heads = columns.map(
    (column, i) => html`<th scope="col"${withClass(i)}>${typeof column === 'string' ? column : column[0]}</th>`,
  );
  const body = rows.map((row) => html`<tr>${row.map((cell, i) => html`<td${withClass(i)}>${cell}</td>`)}</tr>`);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table><thead><tr>${heads}</tr></thead>
<tbody>${body}</tbody></table></div>`;
}
