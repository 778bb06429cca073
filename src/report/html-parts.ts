/** @file The parts that every section of the page is made of. */

/** Names and texts of a spec are somebody's words: escaped wherever they appear. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[], tag: 'th' | 'td') =>
    row.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('');
  const body = rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n');
  return `<div class="wide"><table><thead><tr>${cells(head, 'th')}</tr></thead><tbody>${body}</tbody></table></div>`;
}

/** Pictures side by side, as many as find room. */
export function figures(svgs: Iterable<string>): string {
  const all = [...svgs].map((svg) => `<figure>${svg}</figure>`);
  return all.length > 0 ? `<div class="plots">${all.join('')}</div>` : '';
}

/** A sentence in small print; nothing where there is none. */
export const note = (words: string | null): string =>
  words ? `<p class="note">${escaped(words)}</p>` : '';
