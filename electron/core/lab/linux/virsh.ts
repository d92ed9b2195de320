/** `virsh` of the lab: list, domstats and setmem, as libvirt 9 prints them. */
import type { CommandOutcome } from '../machine.ts';
import type { Guest } from './guest.ts';
import type { KvmState } from './kvm-state.ts';

const said = (text: string, status = 0): CommandOutcome => ({ text, status });

/** @param words those after `virsh` */
export function virsh(host: KvmState, words: readonly string[]): CommandOutcome {
  const readOnly = words[0] === '-r' || words[0] === '--readonly';
  const [command, ...rest] = readOnly ? words.slice(1) : words;
  switch (command) {
    case 'list':
      return said(
        rest.includes('--uuid') ? listUuids(host, rest.includes('--all')) : list(host, rest.includes('--all')),
      );
    case 'domstats':
      return said(host.guests.flatMap((guest) => (guest.running ? `${stats(host, guest)}\n` : [])).join(''));
    case 'setmem':
      return readOnly
        ? said('error: operation forbidden: read only access prevents virDomainSetMemoryFlags\n', 1)
        : setmem(host, rest);
    default:
      return said(`error: unknown command: '${command ?? ''}'\n`, 1);
  }
}

function list({ guests }: KvmState, all: boolean): string {
  const shown = guests.filter(({ running }) => all || running);
  const width = Math.max(4, ...shown.map(({ name }) => name.length)) + 3;
  const header = ` Id   ${'Name'.padEnd(width)}State\n`;
  const rows = shown.map(({ name, domainId, running }) => {
    const id = running ? String(domainId) : '-';
    return ` ${id.padEnd(5)}${name.padEnd(width)}${running ? 'running' : 'shut off'}\n`;
  });
  return `${header}${'-'.repeat(header.length + 3)}\n${rows.join('')}\n`;
}

function listUuids({ guests }: KvmState, all: boolean): string {
  const shown = guests.filter(({ running }) => all || running);
  return `${shown.map(({ uuid, name }) => `${uuid} ${name}\n`).join('')}\n`;
}

/** The host's own clock, in seconds. */
export const secondsOf = (host: KvmState): number => Math.floor((host.startedAt + host.age) / 1000);

function stats(host: KvmState, guest: Guest): string {
  const kib = (pages: number): number => Math.max(0, Math.round(pages)) * 4;
  const rows: [string, number][] = [
    ['state.state', 1],
    ['state.reason', 1],
    ['balloon.current', kib(guest.balloon)],
    ['balloon.maximum', kib(guest.promised)],
  ];
  if (guest.statisticsPeriod > 0) {
    const available = guest.balloon * 0.98;
    const used = Math.min(available, guest.wantAnon);
    const caches = Math.min(used * 0.3, available * 0.2);
    const moment = secondsOf(host);
    rows.push(
      ['balloon.swap_in', kib(guest.insideSwapIn)],
      ['balloon.swap_out', kib(guest.insideSwapOut)],
      ['balloon.major_fault', guest.insideSwapIn + 900],
      ['balloon.minor_fault', guest.group.faults + 40_000],
      ['balloon.unused', kib(available - used)],
      ['balloon.available', kib(available)],
      ['balloon.last-update', moment - (moment % guest.statisticsPeriod)],
      ['balloon.usable', kib(available - used + caches)],
      ['balloon.disk_caches', kib(caches)],
      ['balloon.hugetlb_pgalloc', 0],
      ['balloon.hugetlb_pgfail', 0],
    );
  }
  rows.push(['balloon.rss', kib(guest.resident) + 42_000]);
  return `Domain: '${guest.name}'\n${rows.map(([name, value]) => `  ${name}=${String(value)}\n`).join('')}`;
}

/** `setmem DOMAIN SIZE [--live]`: KiB unless a suffix says otherwise. */
function setmem(host: KvmState, words: readonly string[]): CommandOutcome {
  const [name, size] = words.filter((word) => !word.startsWith('--'));
  const guest = host.guests.find((one) => one.name === name || String(one.domainId) === name || one.uuid === name);
  if (guest === undefined) return said(`error: failed to get domain '${name ?? ''}'\n`, 1);
  if (!guest.running) return said('error: Requested operation is not valid: domain is not running\n', 1);
  const found = /^(\d{1,15})(?:([kKmMgG])(?:iB)?)?$/.exec(size ?? '');
  if (found?.[1] === undefined)
    return said(`error: Scaled numeric value '${size ?? ''}' for <size> option is malformed or out of range\n`, 1);
  const kib = Number(found[1]) * 1024 ** 'kmg'.indexOf((found[2] ?? 'k').toLowerCase());
  const pages = Math.floor(kib / 4);
  if (pages > guest.promised) return said('error: invalid argument: cannot set memory higher than max memory\n', 1);
  guest.balloonTarget = Math.max(1, pages);
  return said('\n');
}
