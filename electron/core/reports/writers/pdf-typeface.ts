/**
 * What the typeface that comes with the console can print, for PDFs without a browser. Letters it does not have are
 * shown as a mark, never as an empty box that could be anything. Called by pdf-pages.ts and write.ts.
 */
import type { ReportDocument } from '#shared/model/report.ts';
import { printable } from './plain-text.ts';

/** Latin, Greek, Cyrillic, and the signs that reports use. */
const unknown =
  /[^\n\t\u0020-\u007e\u00a0-\u017f\u0192\u0218-\u021b\u02c6\u02c7\u02d8-\u02dd\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u0486\u0488-\u0513\u1e80-\u1e85\u1e9e\u1ea0-\u1ef9\u2010\u2011\u2013-\u2015\u2017-\u201e\u2020-\u2022\u2026\u2030\u2032\u2033\u2039\u203a\u2044\u2070\u2074-\u208e\u20a3\u20a4\u20a6-\u20ac\u2113\u2116\u2122\u2126\u2202\u2206\u220f\u2211\u2212\u221a\u221e\u2248\u2260\u2264\u2265\ufffd]/gu;

const others: { readonly [char: string]: string } = {
  '\u202f': '\u00a0',
  '\u2009': ' ',
  '→': '->',
  '←': '<-',
  '\ufeff': '',
  '\u200b': '',
};

export const inTypeface = (text: string): string =>
  printable(text)
    .replace(/[\u202f\u2009→←\ufeff\u200b]/g, (char) => others[char] ?? char)
    .replace(unknown, '\ufffd');

/** Whether a PDF without a browser shows all letters of a report. */
export const allInTypeface = (document: ReportDocument): boolean =>
  !/\ufffd/.test(inTypeface(printable(JSON.stringify(document)).replaceAll('\ufffd', '')));
