/**
 * What `xl` of a given Xen version prints, from a described state: the inverse of the platform xen-tmem, for versions
 * no recording shows. Formats are those of the hypervisor's own printing code; key order matters to nobody, and is kept.
 */
export type Numbers = Readonly<Record<string, number>>;

export interface RenderedPool {
  readonly number: number;
  readonly type: 'EP' | 'ES' | 'PP';
  /** Hexadecimal, as printed; '0' for a private pool. */
  readonly u0: string;
  readonly u1: string;
  readonly counts: Numbers;
}

export interface RenderedClient {
  readonly domid: number;
  readonly counts: Numbers;
  readonly pools: readonly RenderedPool[];
}

export interface RenderedShared {
  readonly slot: number;
  readonly u0: string;
  readonly u1: string;
  readonly sharers: readonly number[];
  readonly counts: Numbers;
}

export interface RenderedTmem {
  /** Of Xen 4: 0 to 12. */
  readonly minor: number;
  /** Built to measure its own time (TMEM_PERF): 4.0 to 4.3 then print fields in the T line. */
  readonly timed: boolean;
  readonly global: Numbers;
  readonly shared: readonly RenderedShared[];
  readonly clients: readonly RenderedClient[];
}

const globalShort = ['Tt', 'Te', 'Cf', 'Af', 'Pf', 'Ta', 'Lm', 'Et', 'Ea', 'Rt', 'Ra', 'Rx', 'Fp'];
const globalLong40 = ['Ec', 'Em', 'Oc', 'Om', 'Nc', 'Nm', 'Pc', 'Pm'];
const globalLong41 = ['Fc', 'Fm', 'Sc', 'Sm', 'Ep', 'Gd', 'Zt', 'Gz'];
const clientLong = ['Ec', 'Em', 'cp', 'cb', 'cn', 'cm'];
const poolLong = ['Pc', 'Pm', 'Oc', 'Om', 'Nc', 'Nm', 'ps', 'pt', 'pd', 'pr', 'px', 'gs', 'gt', 'fs', 'ft', 'os', 'ot'];

export const globalKeysOf = (minor: number, long: boolean): readonly string[] => [
  ...globalShort,
  ...(long ? [...globalLong40, ...(minor >= 1 ? globalLong41 : ['Ep'])] : []),
];
export const clientKeysOf = (minor: number, long: boolean): readonly string[] => [
  'ww',
  ...(minor <= 7 ? ['ca'] : []),
  'co',
  'fr',
  'Tc',
  'Ge',
  'Pp',
  'Gp',
  ...(long ? clientLong : []),
];
export const poolKeysOf = (long: boolean): readonly string[] => (long ? poolLong : []);

const pairs = (keys: readonly string[], numbers: Numbers): string[] => keys.map((key) => `${key}:${numbers[key] ?? 0}`);
const line = (letter: string, parts: readonly string[]): string => `${letter}=${parts.join(',')}`;

/** `xl tmem-list [-l] -a`, with the empty line xl adds. The second S line repeats the first one's name, as Xen does. */
export function renderTmemList(state: RenderedTmem, long: boolean, domid?: number): string {
  const { minor, shared } = state;
  const first = shared[0];
  const clients = state.clients.filter((client) => domid === undefined || client.domid === domid);
  const lines = clients.flatMap(({ domid: id, counts, pools }) => [
    line('C', [`CI:${id}`, ...pairs(clientKeysOf(minor, long), counts)]),
    ...pools.map(({ number, type, u0, u1, counts: own }) =>
      line('P', [`CI:${id}`, `PI:${number}`, `PT:${type}`, `U0:${u0}`, `U1:${u1}`, ...pairs(poolKeysOf(long), own)]),
    ),
  ]);
  if (domid !== undefined) return `${lines.join('\n')}\n\n`;
  const sharedLines = shared.map(({ sharers, counts }) =>
    line('S', [
      `SI:${first?.slot ?? 0}`,
      'PT:ES',
      `U0:${first?.u0 ?? '0'}`,
      `U1:${first?.u1 ?? '0'}`,
      ...sharers.map((id) => `SC:${id}`),
      ...pairs(poolKeysOf(long), counts),
    ]),
  );
  const head = line('G', pairs(globalKeysOf(minor, long), state.global));
  return `${[head, ...sharedLines, ...lines, timing(state)].join('\n')}\n\n`;
}

/** Since 4.4 the `=` is overwritten and only the letter is left. */
function timing({ minor, timed }: RenderedTmem): string {
  if (minor >= 4) return 'T';
  if (!timed) return 'T=';
  const fields = ['G', 'P', 'g', 'p', 'F', 'O', 'C', 'c', 'd'].flatMap((op) =>
    ['n', 't', 'x', 'm'].map((kind) => `${op}${kind}:12`),
  );
  return line('T', fields);
}

/** How the hypervisor fills a buffer that is too small: G, S and P lines whole or not at all, C cut, T mostly there. */
export function truncate(list: string, size: number): string {
  let out = '';
  for (const text of list.trimEnd().split('\n')) {
    const whole = `${text}\n`;
    if (text.startsWith('C')) out += whole.slice(0, Math.max(0, size - out.length));
    else if (out.length + whole.length <= size) out += whole;
  }
  return out;
}

export interface RenderedDomain {
  readonly name: string;
  readonly domid: number;
  readonly mem: number;
  readonly vcpus: number;
  readonly state: string;
  readonly seconds: number;
  readonly uuid?: string;
}

/** `xl list`, or `xl list -v` where every domain has a uuid. */
export function renderXlList(domains: readonly RenderedDomain[]): string {
  const verbose = domains.every(({ uuid }) => uuid !== undefined);
  const head = 'Name                                        ID   Mem VCPUs\tState\tTime(s)';
  const rows = domains.map(({ name, domid, mem, vcpus, state, seconds, uuid }) => {
    const columns = `${name.padEnd(40)} ${pad(domid, 5)} ${pad(mem, 5)} ${pad(vcpus, 5)}     ${state}  ${seconds.toFixed(1).padStart(8)}`;
    return verbose ? `${columns} ${uuid ?? ''}        -                -` : columns;
  });
  return `${[verbose ? `${head}   UUID                            Reason-Code\tSecurity Label` : head, ...rows].join('\n')}\n`;
}

const pad = (number: number, width: number): string => String(number).padStart(width);

export const renderXlInfo = (
  minor: number,
  commandline: string,
  more: Readonly<Record<string, string | number>> = {},
) =>
  `${Object.entries({
    total_memory: 3071,
    free_memory: 1500,
    outstanding_claims: 0,
    xen_major: 4,
    xen_minor: minor,
    xen_version: `4.${minor}.0`,
    xen_pagesize: 4096,
    xen_commandline: commandline,
    ...more,
  })
    .map(([key, value]) => `${key.padEnd(22)} : ${value}`)
    .join('\n')}\n`;

/** Commands and their output as a capture prints them. */
export const renderCapture = (commands: Readonly<Record<string, string>>): string =>
  Object.entries(commands)
    .map(([command, output]) => `$ ${command}\n${output}[exit 0]\n\n`)
    .join('');
