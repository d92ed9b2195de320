/**
 * What an operator of a Xen host with tmem must know although nothing is missing: holes, pools that cannot be emptied,
 * guests whose door is closed. At most a few names stand in a sentence.
 */
import { showableName } from '../kernel/cgroup-name.ts';
import type { Look } from './look.ts';
import { poolsOf } from './pools.ts';
import { atMost } from './xl/info.ts';
import { numberOf } from './xl/record.ts';

const mib = 2 ** 20;
/** libxl sets the limit to the target and this much (docs/domain.md 1.4 rule 8). */
const slack = mib;
const worthSaying = 64 * mib;
const mostNames = 3;

export function warnings(look: Look, on: boolean | undefined): string[] {
  if (on === false) return [...clientOfNobody(look), ...crashed(look)];
  return [
    ...holes(look),
    ...freeableSilent(look),
    ...clientOfNobody(look),
    ...unauthorised(look),
    ...frozen(look),
    ...weights(look),
    ...shared(look),
    ...stuck(look),
    ...idle(look),
    ...closedDoors(look),
    ...crashed(look),
  ];
}

function holes({ version }: Look): string[] {
  if (!version || !atMost(version, 2)) return [];
  return [
    'Xen 4.0 to 4.2 has known holes in tmem (XSA-15): a guest can crash or take over the host through it. Update Xen, or boot it without tmem.',
  ];
}

function freeableSilent({ version, list }: Look): string[] {
  if (!list || !version || atMost(version, 7)) return [];
  return ['xl tmem-freeable prints 0 on Xen 4.8 and later, whatever there is: what tmem would give back is estimated.'];
}

function clientOfNobody({ list }: Look): string[] {
  return list?.clients.some((client) => numberOf(client, 'CI') === 0)
    ? ['Domain-0 is listed as a client though it has no pool: somebody ran xl tmem-shared-auth on it. It does no harm.']
    : [];
}

function unauthorised({ evidence }: Look): string[] {
  const told = [...evidence.commands.values()].some(
    ({ command, text }) => /\bx[lm] dmesg\b/.test(command) && text.includes('Shared auth failed'),
  );
  return told
    ? [
        'A guest asked for a shared pool without being authorised and silently got a private one (xl dmesg). xl tmem-shared-auth allows it from its next mount on.',
      ]
    : [];
}

function nameOf({ domains }: Look, domid: number | undefined): string {
  const name = domains?.domains.find((domain) => domain.domid === domid)?.name;
  return (name === undefined ? '' : showableName(name)) || `domain ${String(domid)}`;
}

function listed(names: readonly string[]): string {
  const rest = names.length - mostNames;
  return names.slice(0, mostNames).join(', ') + (rest > 0 ? ` and ${String(rest)} more` : '');
}

function frozen(look: Look): string[] {
  const names = (look.list?.clients ?? [])
    .filter((client) => numberOf(client, 'fr') === 1)
    .map((client) => nameOf(look, numberOf(client, 'CI')));
  return names.length === 0
    ? []
    : [
        `Frozen: ${listed(names)}. New pages are refused while old ones leave, so its swap goes to disk. xl tmem-thaw NAME ends it.`,
      ];
}

function weights(look: Look): string[] {
  const set = (look.list?.clients ?? []).flatMap((client) => {
    const weight = numberOf(client, 'ww');
    return weight === undefined || weight === 0 ? [] : [`${nameOf(look, numberOf(client, 'CI'))} ${String(weight)}`];
  });
  return set.length === 0
    ? []
    : [
        `Weights are set (${listed(set)}). They do not give shares: on a real host the higher weight ended with less cache.`,
      ];
}

function shared({ list }: Look): string[] {
  const several = list ? poolsOf(list).filter((pool) => pool.shared) : [];
  if (several.length === 0) return [];
  const first = several[0]?.shared;
  return [
    `${several.length === 1 ? 'One pool is shared' : `${String(several.length)} pools are shared`} (file system ${first?.fileSystem ?? ''}${several.length > 1 ? ' …' : ''}). ` +
      'Its pages and hits stand in the line of the guest that mounted it first, whoever made them.',
  ];
}

/** After one sharer unmounts, a shared pool can never be evicted while another uses it (docs/domain.md 1.4 rule 11). */
function stuck({ list }: Look): string[] {
  const [evicted, tried] = [numberOf(list?.global, 'Et'), numberOf(list?.global, 'Ea')];
  if (!list || evicted === undefined || tried === undefined || tried < 2 * evicted + 1000) return [];
  return [
    `Xen tried ${String(tried)} times to evict and evicted ${String(evicted)} pages: something holds pages that cannot be evicted. ` +
      'A shared pool that one guest has left is never evicted while others use it: unmount that file system in every guest.',
  ];
}

function idle({ list, pageSize }: Look): string[] {
  const frames = numberOf(list?.global, 'Ta');
  if (frames === undefined || frames * pageSize < worthSaying) return [];
  return [
    `${String(Math.round((frames * pageSize) / mib))} MiB lie idle on tmem’s own free list. free_memory does not count them; Xen takes them back only when it needs memory.`,
  ];
}

/** xl mem-set lowers the hypervisor's limit to the target: no room for persistent tmem (docs/domain.md 1.4 rule 8). */
function closedDoors(look: Look): string[] {
  const clients = new Set(look.list?.clients.map((client) => numberOf(client, 'CI')));
  const closed = (look.domains?.domains ?? []).filter(({ domid, limit, config }) => {
    const [target, most] = [config?.target?.bytes, config?.max?.bytes];
    if (domid === 0 || !clients.has(domid) || !limit || target === undefined || most === undefined) return false;
    return limit.bytes <= target + slack && target < most;
  });
  if (closed.length === 0) return [];
  return [
    `No room for swap pages in tmem: ${listed(closed.map(({ domid }) => nameOf(look, domid)))}. The hypervisor’s limit is the guest’s target, ` +
      'as creating it and xl mem-set leave it. xl mem-max NAME opens it.',
  ];
}

function crashed(look: Look): string[] {
  const names = (look.domains?.domains ?? [])
    .filter(({ state }) => state.includes('c'))
    .map(({ domid }) => nameOf(look, domid));
  return names.length === 0 ? [] : [`Crashed: ${listed(names)}. Its memory and its pools stay until xl destroy NAME.`];
}
