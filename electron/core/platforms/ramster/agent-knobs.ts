/**
 * What the agent may write for this platform. Directories of configfs are commands, as is all whose order of writing
 * decides: a refused first write locks a node's attribute for good (docs/domain.md 2.6), so such a node is removed again
 * by the command that made it. None of these scripts ends half-way because a connection went away.
 */
import type { AgentKnob, CommandKnob, FileKnob } from '../change.ts';
import { clusterRoot } from './catalogue/cluster.ts';
import { ramsterSysfs } from './catalogue/ramster.ts';
import { zcacheSysfs } from './catalogue/zcache.ts';

/** Of a directory that is not there. */
export const absent = 'absent';
/** A node whose attributes are not all written. */
export const partial = 'partial';
/** Most that the cluster's timeouts take. */
export const mostMs = 4_294_967_294;
/** RAMster raises nodes 0 to 7. */
export const mostNodes = 8;

/** A failed write of a shell's own printf says no more than “I/O error”; cat tells the kernel's reason. */
const put = (value: string, path: string): string => `printf '%s\\n' "${value}" | cat >"${path}"`;
const unharmed = `trap '' HUP INT PIPE`;

/**
 * `IDLE:KEEPALIVE:DEAD`, what has to be equal on all hosts: idle_timeout_ms, keepalive_delay_ms, dead_threshold. They come
 * with the directory, so they are one with it. The idle timeout has to be more than the keepalive at every moment.
 */
const cluster: CommandKnob = {
  kind: 'command',
  name: 'ramster.cluster',
  value: { kind: 'parts', parts: 3, also: [absent] },
  check: 'exact',
  instance: 'word',
  needs: 'cat',
  read: `[ -d ${clusterRoot} ] || exit 3
dir=${clusterRoot}/$1
[ -d "$dir" ] || { echo ${absent}; exit 0; }
idle=0 keep=0 dead=0
[ ! -r "$dir/idle_timeout_ms" ] || read -r idle <"$dir/idle_timeout_ms"
[ ! -r "$dir/keepalive_delay_ms" ] || read -r keep <"$dir/keepalive_delay_ms"
[ ! -r "$dir/heartbeat/dead_threshold" ] || read -r dead <"$dir/heartbeat/dead_threshold"
echo "$idle:$keep:$dead"`,
  write: `${unharmed}
dir=${clusterRoot}/$1
if [ "$2" = ${absent} ]; then rmdir "$dir"; exit; fi
fresh=
if [ ! -d "$dir" ]; then mkdir "$dir" || exit 1; fresh=1; fi
idle=\${2%%:*} rest=\${2#*:} now=0
keep=\${rest%:*} dead=\${rest#*:}
read -r now <"$dir/idle_timeout_ms"
leaves='keepalive_delay_ms idle_timeout_ms'
[ "$keep" -lt "$now" ] || leaves='idle_timeout_ms keepalive_delay_ms'
for leaf in $leaves heartbeat/dead_threshold; do
case $leaf in idle*) value=$idle ;; keep*) value=$keep ;; *) value=$dead ;; esac
read -r now <"$dir/$leaf"
[ "$now" != "$value" ] || continue
${put('$value', '$dir/$leaf')} && continue
echo "$leaf did not take $value" >&2
[ -z "$fresh" ] || rmdir "$dir"
exit 1
done`,
  shownAs: `${clusterRoot}/INSTANCE: idle_timeout_ms, keepalive_delay_ms, dead_threshold = VALUE`,
};

/**
 * `PORT:ADDRESS:NUM:LOCAL`. Every change makes the directory anew, as its attributes can be written once. A node whose
 * number reads 0 beside another such node is one whose number was never set.
 */
const node: CommandKnob = {
  kind: 'command',
  name: 'ramster.node',
  value: { kind: 'parts', parts: 4, also: [absent] },
  check: 'exact',
  alsoReads: [partial],
  instance: 'pair',
  needs: 'cat',
  read: `[ -d ${clusterRoot} ] || exit 3
nodes=${clusterRoot}/\${1%/*}/node
dir=$nodes/\${1#*/}
[ -d "$dir" ] || { echo ${absent}; exit 0; }
port=0 address=0.0.0.0 num=0 self=0
[ ! -r "$dir/ipv4_port" ] || read -r port <"$dir/ipv4_port"
[ ! -r "$dir/ipv4_address" ] || read -r address <"$dir/ipv4_address"
[ ! -r "$dir/num" ] || read -r num <"$dir/num"
[ ! -r "$dir/local" ] || read -r self <"$dir/local"
case $port:$address in 0:* | *:0.0.0.0) echo ${partial}; exit 0 ;; esac
if [ "$num" = 0 ]; then
for other in "$nodes"/*/num; do
if [ "$other" = "$dir/num" ] || [ ! -r "$other" ]; then continue; fi
read -r seen <"$other"
[ "$seen" != 0 ] || { echo ${partial}; exit 0; }
done
fi
echo "$port:$address:$num:$self"`,
  write: `${unharmed}
dir=${clusterRoot}/\${1%/*}/node/\${1#*/}
if [ -d "$dir" ]; then rmdir "$dir" || exit 1; fi
[ "$2" != ${absent} ] || exit 0
left=$2
mkdir "$dir" || exit 1
for leaf in ipv4_port ipv4_address num local; do
value=\${left%%:*}
left=\${left#*:}
[ "$leaf $value" != 'local 0' ] || continue
${put('$value', '$dir/$leaf')} && continue
echo "$leaf did not take $value; the node was removed again" >&2
rmdir "$dir"
exit 1
done`,
  shownAs: `${clusterRoot}, node INSTANCE: ipv4_port, ipv4_address, num, local = VALUE`,
};

/** Never before its node is there: the kernel would answer success and use the number up. */
const manualNodeUp: CommandKnob = {
  kind: 'command',
  name: 'ramster.manual_node_up',
  value: { kind: 'choice', choices: ['up', 'down'] },
  check: 'exact',
  instance: 'number',
  needs: 'cat',
  read: `[ -r ${ramsterSysfs}/manual_node_up ] || exit 3
read -r list <${ramsterSysfs}/manual_node_up
case " $list " in *" $1 "*) echo up ;; *) echo down ;; esac`,
  write: `[ "$2" = up ] || { echo 'a node that was raised stays up until the host is booted again' >&2; exit 1; }
for file in ${clusterRoot}/*/node/*/num; do
[ -r "$file" ] || continue
read -r num <"$file"
[ "$num" = "$1" ] || continue
${put('$1', `${ramsterSysfs}/manual_node_up`)}
exit
done
echo "no node of the cluster has number $1: raised now, it would be used up until the next boot" >&2
exit 1`,
  shownAs: `INSTANCE > ${ramsterSysfs}/manual_node_up`,
};

const file = (
  name: string,
  path: string,
  value: FileKnob['value'],
  more: Pick<FileKnob, 'alsoReads'> = {},
): FileKnob => ({ kind: 'file', name, path, value, check: 'exact', shown: 'plain', ...more });

const span = { kind: 'number', min: 1, max: mostMs } as const;
const onOff = { kind: 'choice', choices: ['0', '1'] } as const;
/** Any number is kept as it is, and only 0 is off. */
const otherNumbers = { alsoReads: ['2', '3', '4', '5', '6', '7', '8', '9'] } as const;
const zsize = { kind: 'number', min: 1, max: 3584 } as const;
const inCluster = (leaf: string, value: FileKnob['value']): FileKnob =>
  file(`ramster.cluster.${leaf.replace('/', '.')}`, `${clusterRoot}/*/${leaf}`, value);

export const agentKnobs: readonly AgentKnob[] = [
  cluster,
  inCluster('idle_timeout_ms', span),
  inCluster('keepalive_delay_ms', span),
  inCluster('reconnect_delay_ms', span),
  inCluster('fence_method', { kind: 'choice', choices: ['reset', 'panic'] }),
  // 1 and 2 are answered with success and change nothing.
  inCluster('heartbeat/dead_threshold', { kind: 'number', min: 3, max: mostMs }),
  inCluster('heartbeat/mode', { kind: 'choice', choices: ['local', 'global'] }),
  node,
  manualNodeUp,
  file(
    'ramster.remote_target_nodenum',
    `${ramsterSysfs}/remote_target_nodenum`,
    { kind: 'number', min: 0, max: mostNodes - 1 },
    { alsoReads: ['unset'] },
  ),
  file('ramster.pers_remotify_enable', `${ramsterSysfs}/pers_remotify_enable`, onOff, otherNumbers),
  file('ramster.eph_remotify_enable', `${ramsterSysfs}/eph_remotify_enable`, onOff, otherNumbers),
  file('zcache.zv_max_zsize', `${zcacheSysfs}/zv_max_zsize`, zsize),
  file('zcache.zv_max_mean_zsize', `${zcacheSysfs}/zv_max_mean_zsize`, zsize),
  file('zcache.zv_page_count_policy_percent', `${zcacheSysfs}/zv_page_count_policy_percent`, {
    kind: 'number',
    min: 1,
    max: 150,
  }),
];
