/** One text of a CSV file: safe to open in a spreadsheet, and quoted where it must be. Called by csv.ts and the command line. */

/** What a spreadsheet would run: also behind blanks and marks that do not show, and in full-width forms. */
export const formula = /^[\s\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/u;

/** Where lists are separated by semicolons, a spreadsheet takes what stands behind one for a cell of its own. */
export const withoutInnerFormulas = (text: string): string =>
  text.replace(/;(?=[\s\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20])/gu, ";'");

export function csvText(text: string): string {
  const inner = withoutInnerFormulas(text);
  const safe = formula.test(text) ? `'${inner}` : inner;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
