/**
 * Whole numbers as the kernel prints them. Counters that are incremented without a lock may dip below zero, and a
 * file that prints them as unsigned then shows a number just below 2^64: that is read as the small negative it is.
 */
const wholeNumber = /^[+-]?[0-9]{1,20}$/;
const half = 2n ** 63n;
const whole = 2n ** 64n;

/** undefined when the text is anything but one whole number of at most 64 bits. */
export function parseInteger(text: string): number | undefined {
  const word = text.trim();
  if (!wholeNumber.test(word)) return undefined;
  if (word.length < 19) return Number(word) + 0;
  const exact = BigInt(word.startsWith('+') ? word.slice(1) : word);
  if (exact >= whole || exact < -half) return undefined;
  return Number(exact >= half ? exact - whole : exact);
}

/** As printed by PSI: `15.58`, with any number of decimals. */
export function parseDecimal(text: string): number | undefined {
  return /^[0-9]{1,15}(?:\.[0-9]{1,6})?$/.test(text) ? Number(text) : undefined;
}
