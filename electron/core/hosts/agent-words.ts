/** What may stand in the agent's list, and how it is written as shell. A list that is not safe is our own bug: throws. */

const safeName = /^[a-z][a-z0-9.-]{0,62}$/;
const safeDirectory = /^[A-Za-z0-9._@+,=%:\\* -]+$/;
/** No colon: `path:line` is told apart by the first colon after the file's name. No glob. */
const safeFile = /^[A-Za-z0-9_][A-Za-z0-9._@+,=%-]*$/;
const safeProgram = /^[A-Za-z0-9][A-Za-z0-9._+-]*$/;
/** Reading this one file creates a device (a new zram). */
const readingIsWriting = /(^|\/)hot_add$|zram-control/;

/** Single quotes keep every byte but their own kind. */
export const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** A path as one shell word: quoted, with its `*` left to the shell. */
export const word = (path: string): string =>
  path
    .split('*')
    .map((part) => (part === '' ? '' : quote(part)))
    .join('*');

export function insist(safe: boolean, what: string, text: string): void {
  if (!safe) throw new Error(`agent list: ${what} is not safe: ${JSON.stringify(text)}`);
}

export function checkName(kind: string, name: string, seen: Set<string>, safe = safeName): void {
  insist(safe.test(name), `the name of a ${kind}`, name);
  insist(!seen.has(name), `a second ${kind} of the same name`, name);
  seen.add(name);
}

export function checkPath(path: string): void {
  const [root, ...parts] = path.split('/');
  const file = parts.pop();
  insist(root === '' && file !== undefined && safeFile.test(file), 'a file', path);
  insist(
    parts.every((part) => safeDirectory.test(part) && !/^\.{1,2}$/.test(part) && !part.includes('**')),
    'a directory',
    path,
  );
  insist(!readingIsWriting.test(path), 'a file whose reading changes the host', path);
}

export const checkProgram = (name: string): void => insist(safeProgram.test(name), 'a program', name);

/** A script that only reads. */
export const checkReading = (script: string): void =>
  insist(!script.includes('\0') && !readingIsWriting.test(script), 'a script', script);

/** A shell function that knows names; 3 for every other name. */
export function choice(name: string, cases: ReadonlyMap<string, readonly string[]>): string[] {
  const body = [...cases].flatMap(([key, steps]) => [
    `    ${key})`,
    ...steps.map((step) => `      ${step}`),
    '      ;;',
  ]);
  return [`${name}() {`, '  case $1 in', ...body, '    *) return 3 ;;', '  esac', '}'];
}
