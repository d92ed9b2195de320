/**
 * Words on a kernel's command line: lines that put them there and take them away, as the distribution does it. The
 * console never edits a boot loader; an administrator reads these lines and runs them.
 */
import type { Evidence } from '../platform.ts';

export interface BootWords {
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
}

export interface BootLines {
  readonly lines: readonly string[];
  readonly undoLines: readonly string[];
}

const redHat = /\b(?:rhel|centos|fedora|ol|oracle|almalinux|rocky)\b/i;
const grubFile = '/etc/default/grub';

export function bootLines(evidence: Evidence, { add = [], remove = [] }: BootWords): BootLines {
  const lines = (more: readonly string[], less: readonly string[]): readonly string[] =>
    isRedHat(evidence) ? grubby(more, less) : updateGrub(more, less);
  return { lines: lines(add, remove), undoLines: lines(remove, add) };
}

/** Oracle Linux, Red Hat and their kin: grubby and dracut; all others are taken for Debian's kin. */
export function isRedHat(evidence: Evidence): boolean {
  const system = evidence.files.get('/etc/os-release')?.text ?? '';
  const names = system.split('\n').filter((line) => /^ID(?:_LIKE)?=/.test(line));
  return redHat.test(names.join(' ')) || /oracle|red hat/i.test(system);
}

function grubby(add: readonly string[], remove: readonly string[]): readonly string[] {
  const option = (name: string, words: readonly string[]): string =>
    words.length === 0 ? '' : ` --${name}="${words.join(' ')}"`;
  return [`grubby --update-kernel=ALL${option('args', add)}${option('remove-args', remove)}`, 'reboot'];
}

function updateGrub(add: readonly string[], remove: readonly string[]): readonly string[] {
  // A word ends at a blank or at the quote that ends the line.
  const out = remove.map(
    (word) =>
      `sed -i -E '/^GRUB_CMDLINE_LINUX(_DEFAULT)?=/s/(["'\\'' ])${escaped(word)}( |(["'\\'']))/\\1\\3/' ${grubFile}`,
  );
  const into = add.length === 0 ? [] : [`sed -i -E 's/^GRUB_CMDLINE_LINUX=["'\\'']/&${add.join(' ')} /' ${grubFile}`];
  return [...out, ...into, 'update-grub', 'reboot'];
}

const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
