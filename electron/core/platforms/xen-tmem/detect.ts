/**
 * How much of Xen's tmem a host has, and why, as sentences for an operator. Three kinds of machine: Domain-0 of a Xen
 * host (xl answers), a Xen guest (it has the balloon's files), and everything else. That `tmem-list` answers proves
 * nothing: it does with tmem switched off. Only the hypervisor's command line tells (docs/domain.md 3.1).
 */
import type { Detection, Evidence } from '../platform.ts';
import { detectInside, isInside } from './detect-inside.ts';
import { lookAt } from './look.ts';
import type { Look } from './look.ts';
import { poolsOf } from './pools.ts';
import { truncation } from './truncation.ts';
import { warnings } from './warnings.ts';
import { atMost, hypervisorOption } from './xl/info.ts';
import { numberOf } from './xl/record.ts';

export function detect(evidence: Evidence): Detection {
  const look = lookAt(evidence);
  if (look.info.size > 0 || look.list || look.domains) return detectHost(look);
  if (isInside(evidence)) return detectInside(evidence);
  const refused = [...evidence.commands.values()].find(
    ({ command, text }) => /\bx[lm] \w/.test(command) && /ermission denied|privileged command interface/.test(text),
  );
  if (refused)
    return {
      presence: 'partial',
      because: ['This is a Xen host, and xl is for root only: log in as root or allow the agent through sudo.'],
    };
  const control = evidence.files.get('/proc/xen/capabilities')?.text.includes('control_d');
  if (control === true)
    return {
      presence: 'partial',
      because: ['This is Domain-0 of a Xen host, and xl was not found or did not answer: install the Xen tools.'],
    };
  return { presence: 'none', because: ['Neither Xen’s xl nor the files of a Xen guest were found.'] };
}

function detectHost(look: Look): Detection {
  const { list, version, domains } = look;
  const missing: string[] = [];
  const found: string[] = [];
  const gone = version !== undefined && !atMost(version, 12);
  const on = gone ? false : switchedOn(look);
  const name = version === undefined ? 'Xen' : `Xen ${String(version.major)}.${String(version.minor)}`;
  if (gone) {
    missing.push(`${name} has no tmem: it was removed in 4.13. Guests and their memory are shown.`);
  } else if (on === false) {
    missing.push(
      `tmem is switched off in the hypervisor: “tmem” is not on its command line. xl tmem-list answers all the same, ` +
        'and guests with the driver are refused every page. Boot Xen with tmem=1 to have it.',
    );
  } else if (!list) {
    missing.push(noList(look, name));
  } else if (on === undefined) {
    missing.push(
      'Whether tmem is on is not known: xl info did not show the hypervisor’s command line. That xl tmem-list answers proves nothing, it does with tmem off as well.',
    );
  } else {
    found.push(`${name} with tmem: ${usage(look)}.`);
  }
  if (!domains) missing.push('xl list was not read: what guests have is not known.');
  if (list) missing.push(...listState(look));
  return {
    presence: missing.length === 0 ? 'full' : 'partial',
    because: [...missing, ...found, ...options(look, on), ...warnings(look, on)],
  };
}

/** By the command line; where it was not read, a pool or the hypervisor's own first message prove that it is on. */
export function switchedOn({ info, list, evidence }: Look): boolean | undefined {
  const said = hypervisorOption(info, 'tmem');
  if (said !== undefined) return said;
  const started = [...evidence.commands.values()].some(
    ({ command, text }) => /\bx[lm] dmesg\b/.test(command) && text.includes('(XEN) tmem: initialized comp='),
  );
  return started || (list?.pools.length ?? 0) > 0 ? true : undefined;
}

/** 4.12 is built without tmem unless asked; xl then says that the call is not there. */
function noList({ version }: Look, name: string): string {
  return version?.major === 4 && version.minor === 12
    ? `${name} is mostly built without tmem, and xl tmem-list did not answer.`
    : 'xl tmem-list was not read, or did not answer: pools and clients are not known.';
}

function usage({ list }: Look): string {
  const clients = list?.clients.filter((client) => numberOf(client, 'CI') !== 0).length ?? 0;
  if (clients === 0) return 'no guest uses it';
  const pools = list ? poolsOf(list).length : 0;
  return `${clients === 1 ? 'one guest uses it' : `${String(clients)} guests use it`}, ${pools === 1 ? 'one pool' : `${String(pools)} pools`}`;
}

function listState({ list }: Look): string[] {
  if (!list) return [];
  if (!list.whole) return ['Only single domains were listed: figures of the whole host are not known.'];
  if (!list.long) return ['Only the short list was read: pages, hits and refusals are not known.'];
  return truncation(list, poolsOf(list)).cut
    ? [
        'The list of xl tmem-list was cut (xl reads 32 KiB of it): some pools, or the whole host’s figures, are missing from it.',
      ]
    : [];
}

function options({ info, version }: Look, on: boolean | undefined): string[] {
  if (on !== true) return [];
  const set = (name: string): boolean => hypervisorOption(info, name) === true;
  const said: string[] = [];
  if (set('tmem_dedup'))
    said.push('tmem_dedup is on: equal ephemeral pages are kept once, and compression cannot be switched on.');
  if (version && atMost(version, 8) && !set('tmem_shared_auth'))
    said.push(
      'Shared pools need no authorisation here: any guest that names a file system’s uuid reads its cache. Boot with tmem_shared_auth=1 to ask for it.',
    );
  return said;
}
