/**
 * Text in a request of the agent's protocol (agent/README.md, "Changing"): one word of `[A-Za-z0-9._+-]`, whatever the
 * text holds. Every other byte of its UTF-8 is `+` and three octal digits; the empty text is `+`.
 */

const plain = /[A-Za-z0-9._-]/;
const encoded = /^(?:[A-Za-z0-9._-]|\+[0-3][0-7]{2})+$/;

/** Half a surrogate pair has no UTF-8, and becomes U+FFFD. */
export function encodeText(text: string): string {
  if (text === '') return '+';
  return [...text.replace(/\p{Cs}/gu, '\uFFFD')]
    .map((character) => (plain.test(character) ? character : octets(character).map(octal).join('')))
    .join('');
}

/** Undefined for a word that `encodeText` does not write: texts can be compared by their spelling. And for a NUL. */
export function decodeText(word: string): string | undefined {
  if (word === '+') return '';
  if (!encoded.test(word)) return undefined;
  const octetsOf = word.match(/\+[0-7]{3}/g) ?? [];
  if (octetsOf.some((digits) => digits === '+000' || plain.test(String.fromCharCode(parseInt(digits.slice(1), 8)))))
    return undefined;
  const percent = word.replace(/\+([0-7]{3})/g, (_, digits: string) => hex(parseInt(digits, 8)));
  try {
    return decodeURIComponent(percent);
  } catch {
    // Names on a host are bytes; what is no UTF-8 reads as it does everywhere else in the console.
    return percent.replace(/(?:%[89A-F][0-9A-F])+/g, '\uFFFD').replace(/%[0-7][0-9A-F]/g, decodeURIComponent);
  }
}

const octal = (octet: number): string => `+${octet.toString(8).padStart(3, '0')}`;
const hex = (octet: number): string => `%${octet.toString(16).toUpperCase().padStart(2, '0')}`;

function octets(character: string): number[] {
  const escaped = encodeURIComponent(character);
  if (!escaped.startsWith('%')) return [character.charCodeAt(0)];
  return escaped
    .slice(1)
    .split('%')
    .map((digits) => parseInt(digits, 16));
}
