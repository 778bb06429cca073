/** @file Markdown for MLflow's descriptions: names and texts of a spec are somebody's words. */

/** Signs that Markdown or HTML would act upon are escaped. */
export const plain = (text: string): string =>
  text.replace(/[\\`*_{}[\]<>()#+\-!|~]/g, (sign) => `\\${sign}`).replace(/\s+/g, ' ');

/** Words between backticks, which need no escape but for backticks themselves. */
export const code = (text: string): string =>
  `\`${text.replaceAll('`', "'").replace(/\s+/g, ' ')}\``;

/** Cells are Markdown already; a bar in one would end it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** As many whole lines as fit, and a word that there were more. */
export function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const rest = '\n\n… the rest is in `report.html`.';
  const cut = text.slice(0, limit - rest.length);
  return cut.slice(0, Math.max(0, cut.lastIndexOf('\n'))) + rest;
}
