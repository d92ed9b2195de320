/**
 * Synthetic input, made here: for what no recording shows (libvirt's and Proxmox' words, 64 KiB pages, cgroup v1).
 * The formats are those of the programs; the figures are invented.
 */
import { parseDump } from '#core/platforms/kernel/dump.ts';
import type { Evidence, Unread } from '#core/platforms/platform.ts';
import {
  proxmoxConfig,
  proxmoxStatus,
  qemuArguments,
  qemuStatus,
  virshDomstats,
  virshList,
} from '#core/platforms/mainline/commands.ts';

export const uuid = (digit: string): string => `${digit.repeat(8)}-0000-4000-8000-${digit.repeat(12)}`;

export function syntheticEvidence(
  files: Readonly<Record<string, string>>,
  commands: Readonly<Record<string, string>> = {},
): Evidence {
  const lines = Object.entries(files).flatMap(([path, text]) => text.split('\n').map((line) => `${path}:${line}`));
  for (const [command, text] of Object.entries(commands)) {
    lines.push(`$ ${command}`, ...text.split('\n').map((line) => `> ${line}`), '$? 0');
  }
  return parseDump(`${lines.join('\n')}\n`);
}

export function withUnread(evidence: Evidence, unread: Readonly<Record<string, Unread>>): Evidence {
  return { ...evidence, unread: new Map(Object.entries(unread).map(([path, why]) => [path, { why, words: why }])) };
}

export const syntheticGroup = (directory: string, current = 1000 * 2 ** 20): Readonly<Record<string, string>> => ({
  [`${directory}/memory.current`]: String(current),
  [`${directory}/memory.zswap.current`]: String(100 * 2 ** 20),
  [`${directory}/memory.swap.current`]: String(700 * 2 ** 20),
  [`${directory}/memory.stat`]: `anon 1\nzswap ${String(100 * 2 ** 20)}\nzswapped ${String(400 * 2 ** 20)}\nswapcached ${String(50 * 2 ** 20)}`,
});

export const syntheticCommands = {
  virshList: (text: string) => ({ [virshList]: text }),
  virshDomstats: (text: string) => ({ [virshDomstats]: text }),
  qemuStatus: (text: string) => ({ [qemuStatus]: text }),
  qemuArguments: (text: string) => ({ [qemuArguments]: text }),
  proxmoxConfig: (text: string) => ({ [proxmoxConfig]: text }),
  proxmoxStatus: (text: string) => ({ [proxmoxStatus]: text }),
};
