/**
 * `xl info`: what the hypervisor is and has, and its own command line, the only place that tells whether tmem is on.
 * Parts of it (`xl info | grep free_memory`) are read as well; of a key that was printed twice the newest counts.
 */
import type { Evidence } from '../../platform.ts';
import { parseInteger } from '../../kernel/integer.ts';

export interface InfoCell {
  readonly value: string;
  readonly line: number;
  readonly source: string;
}
export type XlInfo = ReadonlyMap<string, InfoCell>;

const infoCommand = /\bx[lm] info\b/;
const row = /^([a-z_]{2,40})\s*: (.*)$/;

export function xlInfo(evidence: Evidence): XlInfo {
  const info = new Map<string, InfoCell>();
  const answers = [...evidence.commands.values()]
    .filter(({ command }) => infoCommand.test(command))
    .sort((a, b) => a.at - b.at || a.line - b.line);
  for (const { command, text, line } of answers) {
    const lines = text.split('\n');
    for (let i = 0; i < lines.length; i++) {
      const [, name, value] = row.exec(lines[i] ?? '') ?? [];
      if (name !== undefined && value !== undefined)
        info.set(name, { value: value.trim(), line: line + i, source: command });
    }
  }
  return info;
}

export interface XenVersion {
  readonly major: number;
  readonly minor: number;
}

/** From `xl info`, else from /sys/hypervisor, which a guest has too. */
export function xenVersion(info: XlInfo, evidence: Evidence): XenVersion | undefined {
  const file = (name: string) => evidence.files.get(`/sys/hypervisor/version/${name}`)?.text;
  const major = parseInteger(info.get('xen_major')?.value ?? file('major') ?? '');
  const minor = parseInteger(info.get('xen_minor')?.value ?? file('minor') ?? '');
  return major === undefined || minor === undefined ? undefined : { major, minor };
}

export const atMost = ({ major, minor }: XenVersion, most: number): boolean => major === 4 && minor <= most;

/**
 * The state of a switch on the hypervisor's command line, the last word on it counting: `tmem`, `tmem=1`, `no-tmem`.
 * undefined when the line was not read; false when it does not name the switch: all of tmem's are off then.
 */
export function hypervisorOption(info: XlInfo, name: string): boolean | undefined {
  const line = info.get('xen_commandline')?.value;
  if (line === undefined) return undefined;
  let on = false;
  for (const word of line.split(/\s+/)) {
    const [option, value] = word.split('=', 2);
    if (option === `no-${name}`) on = false;
    else if (option === name) on = !/^(?:0|no|off|false|disable)$/.test(value ?? '1');
  }
  return on;
}

/** MiB, as everything in `xl info` is. */
export const mebibytesOf = (info: XlInfo, name: string): number | undefined =>
  parseInteger(info.get(name)?.value ?? '');
