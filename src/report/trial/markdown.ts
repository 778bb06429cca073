/** @file Markdown for MLflow's descriptions: names and texts of a spec are somebody's words. */

/** MLflow cuts a tag after 8,000 characters and says nothing. */
export const noteLimit = 7900;

/** On one line, without signs that no one sees or that a database refuses. */
const oneLine = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cs}\u2028-\u202E\u2066-\u2069]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** Its beginning, where it is longer. */
export function clipped(text: string, most: number): string {
  const signs = [...text];
  return signs.length <= most ? text : `${signs.slice(0, most - 1).join('')}…`;
}

/**
 * Words as words: what Markdown, HTML or MLflow's own dialect (which knows `@name`, `:smile:` and
 * bare addresses) would act upon is escaped.
 */
export const plain = (text: string, most = 300): string =>
  clipped(oneLine(text), most)
    .replace(/[\\`*_[\]~|]/g, (sign) => `\\${sign}`)
    .replace(/:(?=\S)/g, '\\:')
    .replace(/(www)\./gi, '$1\\.')
    .replace(/^(\d*)([-+.)])(?=\s|$)/, '$1\\$2')
    .replace(/[&<>@#!]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Words as code, where they have nothing that MLflow's dialect gets wrong in there. Not for tables. */
export function code(text: string, most = 120): string {
  const words = clipped(oneLine(text), most);
  return words === '' || /[`\\<&|]/.test(words) ? plain(words) : `\`${words}\``;
}

/** Cells are Markdown already. MLflow sets columns without a space between them: here is one. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join('&emsp; | ')} |`;
  const rule = `|${' --- |'.repeat(head.length)}`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** Only an address of the web becomes a link. */
export function link(words: string, address: string): string {
  if (!/^https?:/.test(address) || !URL.canParse(address)) return plain(words);
  const brackets = /[()*_]/g;
  const { href } = new URL(address);
  return `[${plain(words)}](${href.replace(brackets, (sign) => `%${sign.charCodeAt(0).toString(16)}`)})`;
}

/** As many as are wanted, and a word of how many more there are. */
export const listed = (lines: readonly string[], most: number): readonly string[] =>
  lines.length <= most ? lines : [...lines.slice(0, most), `- … and ${lines.length - most} more`];

/** As many whole lines as fit, and a line that says so. */
export function shortened(text: string, where: string): string {
  if (text.length <= noteLimit) return text;
  const rest = `\n\n*Shortened: the rest is in ${where}.*`;
  const cut = text.slice(0, noteLimit - rest.length);
  return cut.slice(0, Math.max(0, cut.lastIndexOf('\n'))) + rest;
}
