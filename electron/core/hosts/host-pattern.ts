/**
 * The patterns of OpenSSH's files: `*` for anything, `?` for one character, `!` in front for "but not this one".
 * Called for known_hosts and for ssh_config. Linear in memory and at worst pattern × text in time, whatever is written.
 */

/** Compares as written: whoever wants no difference of case lowers both. */
export function matchesPattern(pattern: string, text: string): boolean {
  let [p, t] = [0, 0];
  let [star, resume] = [-1, 0];
  while (t < text.length) {
    const sign = pattern[p];
    if (sign === '*') {
      star = p++;
      resume = t;
    } else if (sign !== undefined && (sign === '?' || sign === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/** One pattern of the list fits and no negated one does. */
export function matchesList(patterns: readonly string[], text: string): boolean {
  let found = false;
  for (const pattern of patterns) {
    if (pattern.startsWith('!')) {
      if (matchesPattern(pattern.slice(1), text)) return false;
    } else found ||= matchesPattern(pattern, text);
  }
  return found;
}
