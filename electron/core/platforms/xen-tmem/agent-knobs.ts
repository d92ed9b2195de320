/**
 * What the agent may write for this platform. Of every `xl` command options stand before the domain, `-a` is never used,
 * and what was set is judged by reading it back: exit codes of old versions mean nothing (docs/domain.md 3.1, 3.3).
 */
import type { AgentKnob, CommandKnob, FileKnob, ValueShape } from '../change.ts';
import { balloonDirectory } from './catalogue/inside.ts';

/** MiB. */
export const mostMiB = 16_777_216;
const mostInt = 2_147_483_647;
/** libxl lets a domain have this much more than it says (docs/domain.md 1.4 rule 8). */
export const slackKiB = 1024;

/** The end of a read that found nothing: 3 only when xl lists its domains and this one is not among them. */
const untold = (domain: string, why = ''): string => `all=$(xl list) || exit 1
printf '%s\\n' "$all" | awk -v "name=${domain}" '($1 "") == (name "") { seen = 1 } END { exit !seen }' || exit 3
echo 'xl tells nothing of it${why}' >&2
exit 1`;

/** A key of the C line of one domain. Found by the comma before it: a piece of one key may stand in another's value. */
const clientKey = (key: string): string => `said=$(xl tmem-list -l "$1" 2>/dev/null |
sed -n 's/^C=.*,${key}:\\(-\\{0,1\\}[0-9]\\{1,\\}\\),.*/\\1/p')
if [ -n "$said" ]; then
  echo "$said"
  exit
fi
${untold('$1', ': a guest that has not used tmem yet has no client')}`;

const client = (name: string, key: string, value: ValueShape, write: string, shownAs: string): CommandKnob => ({
  kind: 'command',
  name,
  value,
  check: 'exact',
  instance: 'word',
  needs: 'xl',
  read: clientKey(key),
  write,
  shownAs,
});

const int: ValueShape = { kind: 'number', min: 0, max: mostInt };
const onOff: ValueShape = { kind: 'choice', choices: ['0', '1'] };

/** MAXMEM(k) of xentop, in MiB as `xl mem-max` counts; with -f names are printed whole. */
const limitOf = `limit=$(xentop -b -i 1 -f </dev/null 2>/dev/null |
awk -v "name=$1" '($1 "") == (name "") && $7 ~ /^[0-9]+$/ { print $7; exit }')
if [ -z "$limit" ]; then
${untold('$1')}
fi
limit=$(((limit - ${String(slackKiB)}) / 1024))`;

const memMax: CommandKnob = {
  kind: 'command',
  name: 'xen.mem-max',
  value: { kind: 'number', min: 1, max: mostMiB },
  check: 'exact',
  instance: 'word',
  needs: 'xl',
  read: `${limitOf}
echo "$limit"`,
  write: 'exec xl mem-max "$1" "${2}m"',
  shownAs: 'xl mem-max INSTANCE VALUEm',
};

/**
 * `TARGET:LIMIT` in MiB. `xl mem-set` moves the limit as well, so the two are set and put back together: the target, then
 * the limit above it, which is room for frontswap.
 */
const memSet: CommandKnob = {
  kind: 'command',
  name: 'xen.mem-set',
  value: { kind: 'parts', parts: 2, also: [] },
  check: 'exact',
  instance: 'word',
  needs: 'xl',
  // xl of 4.4 and before lists the target of the domain's birth; xenstore has the one of today.
  read: `id=$(xl domid "$1" 2>/dev/null) || {
${untold('$1')}
}
target=$(xenstore-read "/local/domain/$id/memory/target" 2>/dev/null)
[ -n "$target" ] || target=$(xl list -l "$1" 2>/dev/null | sed -n 's/.*target_memkb[": ]*\\([0-9]*\\).*/\\1/p')
if [ -z "$target" ]; then
${untold('$1')}
fi
${limitOf}
echo "$((target / 1024)):$limit"`,
  write: `trap '' HUP INT PIPE
xl mem-set "$1" "\${2%%:*}m" || exit 1
[ "\${2%%:*}" = "\${2#*:}" ] || exec xl mem-max "$1" "\${2#*:}m"`,
  shownAs: 'xl mem-set INSTANCE and xl mem-max INSTANCE: VALUE',
};

/**
 * `NAME/UUID`, the uuid in the form that works. What is authorised cannot be asked. Old versions say why they refuse and
 * exit with 0.
 */
const sharedAuth: CommandKnob = {
  kind: 'command',
  name: 'xen.tmem.shared-auth',
  value: onOff,
  check: 'none',
  instance: 'pair',
  needs: 'xl',
  read: `xl domid "\${1%/*}" >/dev/null 2>&1 && echo unknown && exit
${untold('${1%/*}')}`,
  write: `said=$(xl tmem-shared-auth -u "\${1#*/}" -A "$2" "\${1%/*}" 2>&1)
status=$?
[ -z "$said" ] || echo "$said" >&2
case $said in *rror* | *"Can not"* | *"Can't"* | *nvalid*) exit 1 ;; esac
exit $status`,
  shownAs: 'xl tmem-shared-auth, INSTANCE: -A VALUE',
};

const balloonFile = (name: string, leaf: string, value: ValueShape, more: Partial<FileKnob> = {}): FileKnob => ({
  kind: 'file',
  name,
  path: `${balloonDirectory}/${leaf}`,
  value,
  check: 'exact',
  shown: 'plain',
  ...more,
});
const positive: ValueShape = { kind: 'number', min: 1, max: mostInt };
const inside = (name: string, value: ValueShape, more: Partial<FileKnob> = {}): FileKnob =>
  balloonFile(`xen.selfballoon.${name}`, `selfballoon/${name}`, value, more);
/** As they start, and what cannot be written back. */
const fromZero: Partial<FileKnob> = { alsoReads: ['0'] };

export const agentKnobs: readonly AgentKnob[] = [
  client('xen.tmem.weight', 'ww', int, 'exec xl tmem-set -w "$2" "$1"', 'xl tmem-set -w VALUE INSTANCE'),
  client('xen.tmem.cap', 'ca', int, 'exec xl tmem-set -c "$2" "$1"', 'xl tmem-set -c VALUE INSTANCE'),
  client('xen.tmem.compress', 'co', onOff, 'exec xl tmem-set -p "$2" "$1"', 'xl tmem-set -p VALUE INSTANCE'),
  client(
    'xen.tmem.frozen',
    'fr',
    onOff,
    `case $2 in 1) exec xl tmem-freeze "$1" ;; esac
exec xl tmem-thaw "$1"`,
    'xl tmem-freeze INSTANCE (1) or xl tmem-thaw INSTANCE (0): VALUE',
  ),
  sharedAuth,
  memSet,
  memMax,
  inside('selfballooning', onOff),
  inside('selfballoon_interval', positive),
  inside('selfballoon_downhysteresis', positive),
  inside('selfballoon_uphysteresis', positive),
  inside('selfballoon_min_usable_mb', positive, fromZero),
  inside('selfballoon_reserved_mb', positive, fromZero),
  inside('frontswap_selfshrinking', onOff),
  inside('frontswap_hysteresis', positive),
  inside('frontswap_inertia', positive),
  balloonFile('xen.memory.target_kb', 'target_kb', positive, { check: 'settles' }),
];
