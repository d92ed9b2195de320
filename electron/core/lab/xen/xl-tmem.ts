/**
 * `xl tmem-*` as the versions really behave (docs/domain.md 3.1): what they print and change, and exit codes that lie.
 */
import type { CommandOutcome } from '../machine.ts';
import { authorise, controlled, freeze, set } from '../tmem/control.ts';
import type { Setting } from '../tmem/control.ts';
import { freeablePages } from '../tmem/evict.ts';
import { list } from '../tmem/list.ts';
import { result } from '../tmem/results.ts';
import type { Domain } from '../tmem/tmem.ts';
import { answer, domidOf, isOld, noDomain, options, unknownOption } from './answer.ts';
import type { HostModel } from './host-model.ts';
import { pagesPerMiB } from './options.ts';
import { usage } from './usage.ts';
import { parseUuid } from './uuid.ts';

const minorOf = (model: HostModel): number => model.tmem.traits.minor;
const noTarget = (model: HostModel, command: string): CommandOutcome =>
  answer(`You must specify -a or a domain id.\n\n${usage(command, minorOf(model))}`, 1);

interface Fault {
  /** Source line of libxl in 4.4 and in 4.11. */
  readonly lines: readonly [old: number, late: number];
  readonly call: string;
  readonly words: string;
  /** What 4.11 adds from errno. */
  readonly errno: string;
}

/** libxl's message. Old versions name neither the domain nor the reason. */
function fault(model: HostModel, domid: number | undefined, { lines, call, words, errno }: Fault): string {
  const [old, late] = lines;
  if (isOld(model)) return `libxl: error: libxl.c:${String(old)}:libxl_${call}: ${words}\n`;
  const whose = domid === undefined ? '' : `Domain ${String(domid)}:`;
  return `libxl: error: libxl_tmem.c:${String(late)}:libxl_${call}: ${whose}${words}${errno === '' ? '' : `: ${errno}`}\n`;
}

const noEntry = 'No such file or directory';

export function tmemList(model: HostModel, words: readonly string[]): CommandOutcome {
  const { given, rest, unknown } = options(words, 'la');
  if (unknown !== undefined) return unknownOption(unknown);
  const name = rest[0];
  const all = given.has('a');
  if (!all && name === undefined) return noTarget(model, 'tmem-list');
  const domid = all ? undefined : domidOf(model, name ?? '');
  if (!all && domid === undefined) return noDomain(model, name ?? '');
  controlled(model.tmem, domid === undefined || model.tmem.clients.has(domid) ? 0 : result.EPERM);
  const text = list(model.tmem, domid, given.has('l'));
  if (text !== undefined) return answer(`${text}\n`);
  return answer(
    fault(model, domid, {
      lines: [5250, 28],
      call: 'tmem_list',
      words: 'Can not get tmem list',
      errno: 'Operation not permitted',
    }),
    isOld(model) ? 255 : 1,
  );
}

export function tmemFreeze(model: HostModel, words: readonly string[], frozen: boolean): CommandOutcome {
  const verb = frozen ? 'freeze' : 'thaw';
  const { given, rest, unknown } = options(words, 'a');
  if (unknown !== undefined) return unknownOption(unknown);
  const name = rest[0];
  const all = given.has('a');
  if (!all && name === undefined) return noTarget(model, `tmem-${verb}`);
  const domid = all ? undefined : domidOf(model, name ?? '');
  if (!all && domid === undefined) return noDomain(model, name ?? '');
  if (freeze(model.tmem, domid, frozen) >= 0) return answer('');
  const words4 = `Can not ${verb} tmem pools`;
  return answer(
    fault(model, domid, {
      lines: frozen ? [5265, 46] : [5280, 62],
      call: `tmem_${verb}`,
      words: words4,
      errno: noEntry,
    }),
    isOld(model) ? 0 : 1,
  );
}

/** atoi, and a 32-bit field: a word counts as 0, 4294967295 as -1. */
const asInt = (text: string): number => Number(/^\s*[+-]?\d+/.exec(text)?.[0] ?? 0) | 0;

export function tmemSet(model: HostModel, words: readonly string[]): CommandOutcome {
  const { given, rest, unknown } = options(words, 'aw:c:p:');
  if (unknown !== undefined) return unknownOption(unknown);
  const name = rest[0];
  const all = given.has('a');
  if (!all && name === undefined) return noTarget(model, 'tmem-set');
  const domid = all ? undefined : domidOf(model, name ?? '');
  if (!all && domid === undefined) return noDomain(model, name ?? '');
  const settings: readonly (readonly [string, Setting])[] = [
    ['w', 'weight'],
    ['c', 'cap'],
    ['p', 'compress'],
  ];
  if (!settings.some(([letter]) => given.has(letter)))
    return answer(`No set value specified.\n\n${usage('tmem-set', minorOf(model))}`, 1);
  let said = '';
  let status = 0;
  for (const [letter, setting] of settings) {
    const value = given.get(letter);
    if (value === undefined) continue;
    const message = setOne(model, domid, setting, asInt(value));
    said += message;
    // The last option decides.
    status = message === '' || isOld(model) ? 0 : 1;
  }
  return answer(said, status);
}

function setOne(model: HostModel, domid: number | undefined, setting: Setting, value: number): string {
  const call = 'tmem_set';
  if (setting === 'cap' && !model.tmem.traits.cap)
    return fault(model, domid, {
      lines: [0, 104],
      call,
      words: 'Invalid set, valid sets are <weight|compress>',
      errno: '',
    });
  if (set(model.tmem, domid, setting, value) >= 0) return '';
  return fault(model, domid, { lines: [5312, 112], call, words: `Can not set tmem ${setting}`, errno: noEntry });
}

export function tmemSharedAuth(model: HostModel, words: readonly string[]): CommandOutcome {
  const { given, rest, unknown } = options(words, 'au:A:');
  if (unknown !== undefined) return unknownOption(unknown);
  const name = rest[0];
  const all = given.has('a');
  if (!all && name === undefined) return noTarget(model, 'tmem-shared-auth');
  const domid = all ? undefined : domidOf(model, name ?? '');
  if (!all && domid === undefined) return noDomain(model, name ?? '');
  const [uuid, auth] = [given.get('u'), given.get('A')];
  if (uuid === undefined || auth === undefined)
    return answer(`No uuid or auth specified.\n\n${usage('tmem-shared-auth', minorOf(model))}`, 1);
  if (!/^[01]$/.test(auth)) return answer('Invalid auth, valid auth are <0|1>.\n\n', 1);
  const failed = (errno: string): Fault => ({
    lines: [5327, 131],
    call: 'tmem_shared_auth',
    words: 'Can not set tmem shared auth',
    errno,
  });
  const status = isOld(model) ? 0 : 1;
  const parsed = parseUuid(uuid, isOld(model));
  if (parsed === undefined) {
    const said =
      "xc: error: Can't parse uuid, use xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx (0 = Success): Internal error\n";
    return answer(said + fault(model, domid, failed('Success')), status);
  }
  if (domid === undefined) {
    if (isOld(model)) return answer('');
    model.ring.add("tmem: initializing tmem capability for domid=65535...<G><0>failed... can't set client");
    return answer(fault(model, undefined, failed('Cannot allocate memory')), 1);
  }
  const domain = domainOf(model, domid);
  if (domain && authorise(model.tmem, domain, parsed, auth === '1') >= 0) return answer('');
  return answer(fault(model, domid, failed(noEntry)), status);
}

const domainOf = (model: HostModel, domid: number): Domain | undefined =>
  domid === 0 ? model.dom0 : model.find(String(domid))?.domain;

/** MiB. From 4.8 on libxl returns its return code instead, which is 0. */
export function tmemFreeable(model: HostModel): CommandOutcome {
  const { traits } = model.tmem;
  return answer(`${String(traits.tellsFreeable ? Math.floor(freeablePages(model.tmem) / pagesPerMiB) : 0)}\n`);
}
