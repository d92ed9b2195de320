/** What stands where nobody can tell a figure; and the spaces that keep a figure together. */
export const absent = '—';
/** Between a number and its unit: never breaks. */
export const nbsp = '\u00a0';
/** Between groups of three digits: thin, never breaks. */
export const thinSpace = '\u202f';
