/** One text of a CSV file: safe to open in a spreadsheet, and quoted where it must be. Called by csv.ts and the command line. */

/** What a spreadsheet would run: also behind blanks and marks that do not show, and in full-width forms. */
export const formula = /^[\s\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/u;

export function csvText(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
