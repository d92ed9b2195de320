/** The files of a lab machine, made of functions that tell their text now; the double of the agent reads them. */
import type { LabFiles, WriteOutcome } from '../machine.ts';

/** How a file takes a value: the error the kernel gives, or undefined when it was taken. */
export type Write = (value: string) => string | undefined;

export interface LabFile {
  readonly read: () => string;
  readonly write?: Write;
}

export function fileTree(entries: ReadonlyMap<string, LabFile>): LabFiles {
  const directories = new Set<string>();
  for (const path of entries.keys())
    for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1))
      directories.add(path.slice(0, cut));
  const sorted = [...directories].sort();
  return {
    read: (path) => entries.get(path)?.read(),
    directories: (pattern) => {
      const form = new RegExp(`^${pattern.split('*').map(literal).join('[^/]*')}$`);
      return sorted.filter((directory) => form.test(directory));
    },
    write: (path, value): WriteOutcome => {
      const file = entries.get(path);
      if (file === undefined) return { outcome: 'refused', errno: 'ENOENT' };
      if (file.write === undefined) return { outcome: 'refused', errno: 'EACCES' };
      const errno = file.write(value);
      return errno === undefined ? { outcome: 'ok' } : { outcome: 'refused', errno };
    },
  };
}

const literal = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
