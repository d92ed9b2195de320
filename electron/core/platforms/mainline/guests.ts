/** The guests of the host, each once, with the three truths about it and its metrics. read.ts calls it. */
import { minus } from '#shared/units.ts';
import type { GuestReading, Said } from '#shared/model/guest.ts';
import { parseFlag, parseLimit, parseNumber } from '../kernel/single.ts';
import { parseKeyValue } from '../kernel/table.ts';
import { groupEvents, groupLimits, groupStatCounters, groupStatLevels, groupWriteback } from './catalogue/cgroup.ts';
import { balloonCounters, balloonCounts, balloonLevels, balloonUpdated } from './catalogue/guest.ts';
import { toldOf } from './guests/balloon.ts';
import { findGroups } from './guests/groups.ts';
import type { Group } from './guests/groups.ts';
import { join } from './guests/join.ts';
import type { Joined } from './guests/join.ts';
import { readDomains } from './guests/libvirt.ts';
import { groupNumbers, paidByGroup, paidByProcess, readFigures } from './guests/pays.ts';
import type { GroupFigures, HostSwap, Paid } from './guests/pays.ts';
import { readProxmox } from './guests/proxmox.ts';
import { readQemu } from './guests/qemu.ts';
import { putPressure } from './pressure.ts';
import { Values } from './values.ts';

export function readGuests(out: Values, host: Pick<HostSwap, 'swaps' | 'zrams'>): readonly GuestReading[] {
  const { evidence } = out;
  const groups = findGroups(evidence);
  const guests = join(groups, readQemu(evidence), readDomains(evidence), readProxmox(evidence));
  const known: HostSwap = { ...host, zswapEmpty: zswapEmpty(out) };
  return guests.map((guest) => readGuest(out, guest, known));
}

/** Off is not empty: what zswap keeps when it is switched off stays there until it is needed. */
function zswapEmpty(out: Values): boolean {
  const parameter = '/sys/module/zswap/parameters/enabled';
  const enabled = out.file(parameter);
  if (enabled === undefined) return out.evidence.unread.get(parameter)?.why === 'absent';
  if (parseFlag(enabled, []) !== 0) return false;
  const stored = out.file('/sys/kernel/debug/zswap/stored_pages');
  if (stored !== undefined) return parseNumber(stored, []) === 0;
  const meminfo = out.file('/proc/meminfo')?.text ?? '';
  return /^Zswapped:\s+0 kB$/m.test(meminfo);
}

function readGuest(out: Values, guest: Joined, host: HostSwap): GuestReading {
  const { key, name, kind, uuid, group, process } = guest;
  const own = new Values(out.evidence);
  const figures = group && readFigures(own, group);
  const paid: Paid =
    group && figures
      ? paidByGroup(group, figures, host)
      : process
        ? paidByProcess(process, host)
        : {
            pays: {},
            unknown: [
              'What the host pays for this guest is unknown: neither its control group nor its process could be read.',
            ],
          };
  const told = toldOf(own, guest);
  if (group && figures) putGroup(own, group, figures, key);
  putBalloon(own, guest);
  putProcess(own, guest);
  putTruths(own, key, paid, told, figures, group);
  // A control group's directory is long enough to fill a list of troubles: they join the host's.
  out.troubles.push(...own.troubles);
  return {
    key,
    name,
    kind,
    ...(uuid === undefined ? {} : { uuid }),
    ...(group ? { cgroup: group.directory } : {}),
    ...(process ? { pid: process.pid } : {}),
    ...(told.promised ? { promised: told.promised } : {}),
    ...(told.allowed ? { allowed: told.allowed } : {}),
    ...(told.uses ? { uses: told.uses } : {}),
    pays: paid.pays,
    unknown: [...paid.unknown, ...told.unknown],
    values: own.list,
  };
}

const afterGroup = (id: string): string => id.slice('cgroup.'.length);
const afterStat = (id: string): string => id.slice('cgroup.memory.stat.'.length);
const afterEvents = (id: string): string => id.slice('cgroup.memory.events.'.length);

function putGroup(own: Values, { directory }: Group, { stat, numbers }: GroupFigures, key: string): void {
  for (const name of groupNumbers) {
    const found = numbers.get(name);
    if (found) own.put(`cgroup.${name}`, found.value, found.file.path, found.file.line, key);
  }
  for (const { id } of [...groupStatLevels, ...groupStatCounters]) {
    const cell = stat?.get(afterStat(id));
    if (cell) own.put(id, cell.value, `${directory}/memory.stat`, cell.line, key);
  }
  const events = own.parse(`${directory}/memory.events`, parseKeyValue);
  for (const { id } of groupEvents) {
    const cell = events?.get(afterEvents(id));
    if (cell) own.put(id, cell.value, `${directory}/memory.events`, cell.line, key);
  }
  putPressure(own, `${directory}/memory.pressure`, 'cgroup.memory.pressure', key);
  for (const { id } of groupLimits) {
    const path = `${directory}/${afterGroup(id)}`;
    own.put(id, own.parse(path, parseLimit), path, own.file(path)?.line, key);
  }
  const path = `${directory}/${afterGroup(groupWriteback.id)}`;
  own.put(groupWriteback.id, own.parse(path, parseFlag), path, own.file(path)?.line, key);
}

const kib = 1024;

function putBalloon(own: Values, { key, domain }: Joined): void {
  if (!domain?.told) return;
  const put = (id: string, scale: number): void => {
    const row = domain.stats.get(id);
    if (row && row.value >= 0) own.put(id, row.value * scale, domain.told?.command ?? '', row.line, key);
  };
  for (const { id } of [...balloonLevels, ...balloonCounters]) put(id, kib);
  for (const { id } of balloonCounts) put(id, 1);
  put(balloonUpdated.id, 1);
}

function putProcess(own: Values, { key, process }: Joined): void {
  for (const [name, { bytes, line }] of process?.sizes ?? []) {
    own.put(`process.${name}`, bytes, `/proc/${String(process?.pid)}/status`, line, key);
  }
}

function putTruths(
  own: Values,
  key: string,
  { pays }: Paid,
  told: { readonly promised?: Said; readonly allowed?: Said; readonly uses?: Said },
  figures: GroupFigures | undefined,
  group: Group | undefined,
): void {
  const put = (id: string, said: Said | undefined): void =>
    own.put(id, said?.bytes, said?.source ?? '', undefined, key);
  put('guest.resident', pays.resident);
  put('guest.compressed', pays.compressed);
  put('guest.on-disk', pays.onDisk);
  put('guest.promised', told.promised);
  put('guest.allowed', told.allowed);
  put('guest.uses', told.uses);
  if (told.promised && told.allowed) {
    // docs/domain.md 5.1 ballooned
    own.put(
      'guest.saved.ballooned',
      minus(told.promised.bytes, told.allowed.bytes),
      'promised − allowed',
      undefined,
      key,
    );
  }
  // Of the group as of the host: docs/domain.md 5.1 zswap, refaults
  const cell = (name: string) => figures?.stat?.get(name);
  const where = `${group?.directory ?? ''}/memory.stat`;
  const [kept, pool] = [cell('zswapped'), cell('zswap')];
  if (kept && pool)
    own.put('guest.saved.compressed', kept.value - pool.value, `zswapped − zswap (${where})`, kept.line, key);
  const [anon, file] = [cell('workingset_refault_anon'), cell('workingset_refault_file')];
  if (anon && file) {
    const source = `workingset_refault_anon + workingset_refault_file (${where})`;
    own.put('guest.refaults', anon.value + file.value, source, anon.line, key);
  }
}
