/** `xl list` with -v and -l, `xl claims`, `xentop`: the domains and what they are charged for. */
import type { CommandOutcome } from '../machine.ts';
import type { Domain } from '../tmem/tmem.ts';
import { answer, domidOf, noDomain, options, unknownOption } from './answer.ts';
import type { Guest } from './guest.ts';
import type { HostModel } from './host-model.ts';
import { pagesPerMiB } from './options.ts';

interface Row {
  readonly name: string;
  readonly domain: Domain;
  readonly vcpus: number;
  readonly state: string;
  readonly seconds: number;
  readonly uuid: string;
  readonly guest: Guest | undefined;
}

const nobody = '00000000-0000-0000-0000-000000000000';
const header = 'Name                                        ID   Mem VCPUs\tState\tTime(s)';

function rows(model: HostModel): readonly Row[] {
  const dom0: Row = {
    name: 'Domain-0',
    domain: model.dom0,
    vcpus: model.options.cpus ?? 4,
    state: 'r-----',
    seconds: model.uptime() * 0.04 + 20,
    uuid: nobody,
    guest: undefined,
  };
  const guests = model.guests.map((guest): Row => ({
    name: guest.options.name,
    domain: guest.domain,
    vcpus: 1,
    state: '-b----',
    seconds: guest.seconds,
    uuid: guest.uuid,
    guest,
  }));
  return [dom0, ...guests];
}

const mib = (pages: number): number => Math.floor(pages / pagesPerMiB);

function line({ name, domain, vcpus, state, seconds }: Row): string {
  const numbers = [[domain.domid, 5] as const, [mib(domain.tot), 5] as const, [vcpus, 5] as const];
  const cells = numbers.map(([value, width]) => String(value).padStart(width)).join(' ');
  return `${name.padEnd(40)} ${cells}     ${state}  ${seconds.toFixed(1).padStart(8)}`;
}

export function xlList(model: HostModel, words: readonly string[]): CommandOutcome {
  const { given, rest, unknown } = options(longWords(words), 'lvZ');
  if (unknown !== undefined) return unknownOption(unknown);
  const name = rest[0];
  const domid = name === undefined ? undefined : domidOf(model, name);
  const wanted = rows(model).filter(({ domain }) => name === undefined || domain.domid === domid);
  if (name !== undefined && wanted.length === 0) return noDomain(model, name);
  if (given.has('l')) return answer(details(model, wanted));
  const verbose = given.has('v');
  const head = verbose ? `${header}   UUID                            Reason-Code\tSecurity Label` : header;
  const tail = (row: Row): string => (verbose ? ` ${row.uuid}        -                -` : '');
  return answer([head, ...wanted.map((row) => line(row) + tail(row))].map((text) => `${text}\n`).join(''));
}

const longWords = (words: readonly string[]): readonly string[] =>
  words.map((word) => ({ '--long': '-l', '--verbose': '-v', '--context': '-Z' })[word] ?? word);

/** 4.1 printed its own brackets, later ones JSON; Domain-0 has no configuration in either. */
function details(model: HostModel, wanted: readonly Row[]): string {
  const guests = wanted.filter((row) => row.guest !== undefined);
  if (model.options.version === '4.1') return guests.map(bracketed).join('');
  const said = guests.map(({ name, domain, uuid, guest, vcpus }) => ({
    domid: domain.domid,
    config: {
      c_info: { type: 'pv', name, uuid, run_hotplug_scripts: 'True' },
      b_info: {
        max_vcpus: vcpus,
        avail_vcpus: Array.from({ length: vcpus }, (_, at) => at),
        max_memkb: (guest?.promised ?? 0) * 4,
        target_memkb: (guest?.target ?? 0) * 4,
        shadow_memkb: Math.ceil((guest?.promised ?? 0) / pagesPerMiB) * 8 + 1024,
        'type.pv': { kernel: '/boot/vmlinuz-guest', cmdline: 'root=/dev/xvda1 ro tmem' },
      },
      disks: [{ pdev_path: `/dev/vg0/${name}`, vdev: 'xvda', format: 'raw', readwrite: 1 }],
    },
  }));
  return `${JSON.stringify(said, undefined, 4)}\n`;
}

const bracketed = ({ name, domain, uuid, guest, vcpus }: Row): string =>
  [
    '(domain',
    `\t(domid ${String(domain.domid)})`,
    '\t(create_info)',
    '\t(hvm 0)',
    `\t(name ${name})`,
    `\t(uuid ${uuid})`,
    '\t(domain_build_info)',
    `\t(max_vcpus ${String(vcpus)})`,
    `\t(max_memkb ${String((guest?.promised ?? 0) * 4)})`,
    `\t(target_memkb ${String((guest?.target ?? 0) * 4)})`,
    ')',
  ]
    .map((text) => `${text}\n`)
    .join('');

/** Nothing in the lab claims memory ahead of a start. */
export const xlClaims = (model: HostModel): CommandOutcome =>
  answer([`${header}  Claimed`, ...rows(model).map((row) => `${line(row)}     0`)].map((text) => `${text}\n`).join(''));

const topHead =
  '      NAME  STATE   CPU(sec) CPU(%)     MEM(k) MEM(%)  MAXMEM(k) MAXMEM(%) VCPUS NETS NETTX(k) NETRX(k) VBDS   VBD_OO   VBD_RD   VBD_WR  VBD_RSECT  VBD_WSECT SSID\n';

/** `xentop -b -i 1 -f`; there is no option that shows tmem. */
export function xentop(model: HostModel, words: readonly string[]): CommandOutcome {
  const { given, unknown } = options(words, 'bi:fd:nxrv');
  if (unknown !== undefined) return answer(`xentop: invalid option -- '${unknown}'\nUsage: xentop [OPTION]\n`);
  if (!given.has('b')) return answer('', 1);
  return answer(
    topHead +
      rows(model)
        .map((row) => topLine(model, row))
        .join(''),
  );
}

function topLine(model: HostModel, { name, domain, vcpus, state, seconds, guest }: Row): string {
  const total = model.totalMiB * pagesPerMiB;
  const share = (pages: number, width: number): string => ((pages * 100) / total).toFixed(1).padStart(width);
  const size = (pages: number): string => String(pages * 4).padStart(10);
  const number = (value: number, width: number): string => String(Math.floor(value)).padStart(width);
  // xentop has dying, shutdown, blocked, crashed, paused, running, in this order.
  const letters = `--${state.charAt(1)}--${state.charAt(0)}`;
  const [read, written] = [guest?.vm.pgpgin ?? 0, guest?.vm.pgpgout ?? 0];
  return (
    `${name.padStart(10)} ${letters} ${number(seconds, 10)} ${'0.0'.padStart(6)} ${size(domain.tot)} ${share(domain.tot, 6)} ` +
    `${size(domain.max)} ${share(domain.max, 9)} ${number(vcpus, 5)} ${number(0, 4)} ${number(0, 8)} ${number(0, 8)} ` +
    `${number(guest ? 2 : 0, 4)} ${number(0, 8)} ${number(read / 32, 8)} ${number(written / 32, 8)} ` +
    `${number(read * 2, 10)} ${number(written * 2, 10)} ${number(0, 4)}\n`
  );
}
