/** The letters that mark plans on charts: A to Z, then AA, AB and on. Pure. */

const first = 'A'.charCodeAt(0);

/** @param index 0 for A */
export function letterOf(index: number): string {
  const rest = Math.floor(index / 26) - 1;
  return (rest < 0 ? '' : letterOf(rest)) + String.fromCharCode(first + (index % 26));
}

const indexOf = (letter: string): number =>
  /^[A-Z]+$/.test(letter) ? [...letter].reduce((sum, char) => sum * 26 + char.charCodeAt(0) - first + 1, 0) - 1 : -1;

/** One that none of them has, nor ever had while a later one is there. */
export const nextLetter = (taken: Iterable<string>): string =>
  letterOf([...taken].reduce((highest, letter) => Math.max(highest, indexOf(letter)), -1) + 1);
