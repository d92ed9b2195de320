/**
 * The fixed commands of this platform: POSIX sh, read-only. No file tells whether a link of RAMster stands; what does
 * is a TCP connection on the cluster's port, and the kernel's log. Both end at once, without a process of their own, on
 * a host that has none of it.
 */
import type { Evidence, FixedCommand } from '../platform.ts';
import type { CommandText } from '../platform.ts';

export const linksShown = 'grep -e :PORT /proc/net/tcp (PORT of each node in /sys/kernel/config/cluster)';
export const logShown = 'dmesg | grep -e zcache -e ramster -e r2net (without shutdown, state) | tail -n 200';

export const addressesShown = "grep -B 1 '/32 host LOCAL' /proc/net/fib_trie";

export const commands: readonly FixedCommand[] = [
  {
    name: 'ramster-links',
    every: '10s',
    needs: 'grep',
    shown: linksShown,
    // A busy host has tens of thousands of connections: only those on a port of the cluster leave it.
    script: `set --
for file in /sys/kernel/config/cluster/*/node/*/ipv4_port; do
port=
[ ! -r "$file" ] || read -r port <"$file"
case $port in '' | 0* | *[!0-9]* | ??????*) continue ;; esac
set -- "$@" -e "$(printf ':%04X ' "$port")"
done
[ $# -eq 0 ] || grep -s "$@" /proc/net/tcp | head -n 200
true`,
  },
  {
    name: 'ramster-addresses',
    every: 'minute',
    needs: 'sed',
    shown: addressesShown,
    // Without a process of its own where there is no RAMster: a router's table is long.
    script: `[ -e /sys/kernel/mm/ramster ] || exit 0
sed -n '/|-- /{s/.*|-- //;h;};/\\/32 host LOCAL/{g;p;}' /proc/net/fib_trie | sort -u | head -n 64
true`,
  },
  {
    name: 'ramster-log',
    every: 'minute',
    needs: 'dmesg',
    shown: logShown,
    // “shutdown, state 7” comes every two seconds while a link is tried, and would push out what matters.
    script: `words=
[ ! -r /proc/cmdline ] || read -r words </proc/cmdline
case " $words" in
*' zcache'* | *' ramster'*) ;;
*) [ -e /sys/kernel/mm/zcache ] || [ -e /sys/kernel/mm/ramster ] || [ -e /sys/module/zcache ] || exit 0 ;;
esac
dmesg 2>&1 | grep -E 'zcache|ramster|r2net|^dmesg:' | grep -v 'shutdown, state' | tail -n 200
true`,
  },
];

/** What the kernel's log said: our own command, or `dmesg …` of a capture. */
export function logText(evidence: Evidence): CommandText | undefined {
  return evidence.commands.get(logShown) ?? anyCommand(evidence, /^(?:sudo )?dmesg\b/);
}

/** What is known of TCP connections: our own command, or `netstat …` and `ss …` of a capture. */
export function linksText(evidence: Evidence): CommandText | undefined {
  return evidence.commands.get(linksShown) ?? anyCommand(evidence, /^(?:sudo )?(?:netstat|ss)\b/);
}

/** The IPv4 addresses of the host itself, without those of its loopback. */
export function addressesOf(evidence: Evidence): readonly string[] {
  const found = evidence.commands.get(addressesShown)?.text.match(/\b(?:\d{1,3}\.){3}\d{1,3}\b/g) ?? [];
  return [...new Set(found)].filter((address) => !address.startsWith('127.'));
}

function anyCommand(evidence: Evidence, shape: RegExp): CommandText | undefined {
  for (const [command, text] of evidence.commands) if (shape.test(command)) return text;
  return undefined;
}
