/**
 * Words that came from hosts or people, made safe to print: as HTML or SVG text, as a file's name, cut to a width.
 * Called by every writer of this folder that prints.
 */

/**
 * Characters that are no text: control characters, halves of surrogate pairs, and the marks that turn the direction
 * of everything behind them. They are shown as what they are, something foreign, instead of being obeyed.
 */
const foreign =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff]|\p{Surrogate}/gu;

export const printable = (text: string): string => text.replace(foreign, '\ufffd');

const entities: { readonly [char: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For text and attributes of HTML and SVG alike. */
export const escaped = (text: string): string => printable(text).replace(/[&<>"']/g, (char) => entities[char] ?? char);

/** A string of CSS: everything but letters and digits by number, so that nothing in it can end the string. */
export const cssString = (text: string): string =>
  `"${[...printable(text)].map((char) => (/[A-Za-z0-9 ]/.test(char) ? char : `\\${char.codePointAt(0)?.toString(16) ?? 'fffd'} `)).join('')}"`;

/** `host-07 / web` as `host-07-web`: letters, digits and hyphens, never empty. */
export const fileWord = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60) || 'table';

/** Of printed text in a sans-serif face, on the wide side: a box made so large is large enough. */
export function textWidth(text: string, size: number): number {
  let ems = 0;
  for (const char of text) ems += emOf(char);
  return ems * size;
}

function emOf(char: string): number {
  if (/[ilj.,:;|!'\u00a0\u202f ]/.test(char)) return 0.32;
  if (/[MWmw%@—]/.test(char)) return 0.92;
  if (/[A-Z]/.test(char)) return 0.7;
  return char.charCodeAt(0) < 0x590 ? 0.58 : 1.05;
}

/** The beginning that fits, with an ellipsis where something was left out. */
export function fitted(text: string, size: number, width: number): string {
  if (textWidth(text, size) <= width) return text;
  let kept = '';
  for (const char of text) {
    if (textWidth(`${kept}${char}…`, size) > width) break;
    kept += char;
  }
  return `${kept.trimEnd()}…`;
}
