/**
 * A tree of control groups as files: a hundred copies of one guest as a real kernel (6.12) described it. What the
 * files say is true; that a kernel must first add up memory.stat is left out, which real control groups would cost.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDump } from '#core/platforms/kernel/dump.ts';
import { platforms } from '#core/platforms/index.ts';
import type { GroupSet } from '#core/platforms/platform.ts';
import { listRecordings, readRecording } from '../support/recordings.ts';

const recorded = 'debian-6.12/under-pressure';

export const tickGroups: readonly GroupSet[] = platforms
  .flatMap(({ sets }) => sets)
  .filter((set): set is GroupSet => set.kind === 'groups' && set.every === 'tick');

/** The same sets, looked for below `root` instead of /sys/fs/cgroup. */
export const rootedAt = (root: string): readonly GroupSet[] =>
  tickGroups.map((set) => ({ ...set, dirs: set.dirs.map((dir) => dir.replace(/^\/sys\/fs\/cgroup/, root)) }));

/** Writes the guests; each has every file of the recording's first guest, byte for byte. */
export function plantGuests(root: string, count: number): readonly string[] {
  const recording = listRecordings().find(({ name }) => name === recorded);
  if (recording === undefined) throw new Error(`there is no recording ${recorded}`);
  const capture = parseDump(readRecording(recording));
  const inGuest = /^\/sys\/fs\/cgroup\/machine\.slice\/([^/]+\.scope)\/(memory\.[^/]+)$/;
  const byLeaf = new Map<string, string>();
  let guest: string | undefined;
  for (const machine of [capture, ...capture.others])
    for (const [path, { text }] of machine.files) {
      const [, scope, leaf] = inGuest.exec(path) ?? [];
      if (scope === undefined || leaf === undefined) continue;
      guest ??= scope;
      if (scope === guest) byLeaf.set(leaf, text);
    }
  if (byLeaf.size < 6) throw new Error(`the recording ${recorded} has no guest with its memory files`);
  return Array.from({ length: count }, (_, index) => {
    const folder = join(root, 'machine.slice', `machine-qemu\\x2d${index + 1}\\x2dguest${index + 1}.scope`);
    mkdirSync(folder, { recursive: true });
    for (const [leaf, text] of byLeaf) writeFileSync(join(folder, leaf), `${text}\n`);
    return folder;
  });
}
