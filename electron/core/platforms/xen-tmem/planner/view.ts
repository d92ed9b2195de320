/** One guest of a Xen host as the wishes see it: the domain, its figures in MiB, its tmem client, and its inside. */
import type { Finding } from '#shared/model/wish.ts';
import { bootLines } from '../../planning/boot-lines.ts';
import type { Found } from '../../planning/targets.ts';
import type { Fit, Site, Sites } from '../../change.ts';
import { slackKiB } from '../agent-knobs.ts';
import { switchedOn } from '../detect.ts';
import { knownGuests } from '../guests.ts';
import type { Known } from '../guests.ts';
import { lookAt } from '../look.ts';
import type { Look } from '../look.ts';
import { poolsOf } from '../pools.ts';
import type { Pool } from '../pools.ts';
import { atMost } from '../xl/info.ts';
import { numberOf } from '../xl/record.ts';

const mib = 2 ** 20;

export interface GuestView {
  readonly found: Found;
  readonly site: Site;
  readonly look: Look;
  readonly known: Known;
  /** As `xl` is told; undefined where it could be taken for something else. */
  readonly name: string | undefined;
  /** MiB. What it was promised, what it is told to use, the hypervisor's limit, and what it has. */
  readonly promised: number | undefined;
  readonly target: number | undefined;
  readonly limit: number | undefined;
  readonly has: number | undefined;
  readonly pools: readonly Pool[];
  /** The guest itself, where it is connected as a host of its own. */
  readonly inside: Site | undefined;
}

const looks = new WeakMap<Site['evidence'], Look>();
const lookOnce = (evidence: Site['evidence']): Look => {
  const known = looks.get(evidence) ?? lookAt(evidence);
  looks.set(evidence, known);
  return known;
};

/** The guests that are there, and a finding for each that is not. */
export function guestsOf(
  found: readonly Found[],
  sites: Sites,
): { readonly guests: readonly GuestView[]; readonly findings: readonly Finding[] } {
  const guests: GuestView[] = [];
  const findings: Finding[] = [];
  for (const one of found) {
    const view = viewOf(one, sites);
    if (view !== undefined) guests.push(view);
    else
      findings.push({
        level: 'missing',
        ...one.target,
        sentence: `This is no guest of ${one.site.name} that xl lists: it was stopped or moved meanwhile.`,
        fix: 'Take it out of the selection.',
      });
  }
  return { guests, findings };
}

function viewOf(found: Found, sites: Sites): GuestView | undefined {
  const { site, target } = found;
  const look = lookOnce(site.evidence);
  const pools = look.list ? poolsOf(look.list) : [];
  const { list, domains, pageSize } = look;
  const known = knownGuests({ list, domains, pools, pageSize }).find(({ key }) => key === target.guest);
  if (known === undefined) return undefined;
  const { domain } = known;
  const whole = (bytes: number | undefined): number | undefined => bytes && Math.floor(bytes / mib);
  const limit = domain?.limit?.bytes;
  const inside = site.inside.get(known.key);
  return {
    found,
    site,
    look,
    known,
    name: domain && addressable(domain.name) ? domain.name : undefined,
    promised: whole(domain?.config?.max?.bytes),
    target: whole(domain?.config?.target?.bytes),
    limit: limit === undefined ? undefined : Math.floor((limit / 1024 - slackKiB) / 1024),
    has: whole(domain?.mem.bytes),
    pools: pools.filter(({ owners }) => owners.includes(known.domid)),
    inside: inside === undefined ? undefined : sites.get(inside),
  };
}

/** A word, as the agent takes it, and not all digits: xl takes those for the number of a domain. */
const addressable = (name: string): boolean => /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/.test(name) && !/^\d+$/.test(name);

export const clientNumber = ({ known }: GuestView, key: string): number | undefined => numberOf(known.client, key);

export const finding = (
  { found: { target } }: Pick<GuestView, 'found'>,
  level: Finding['level'],
  sentence: string,
  fix?: string,
): Finding => ({ level, ...target, sentence, ...(fix === undefined ? {} : { fix }) });

/** Whether xl can be told this guest at all. */
export function nameFindings(view: GuestView): readonly Finding[] {
  if (view.name !== undefined) return [];
  const { domid, domain } = view.known;
  return [
    finding(
      view,
      'missing',
      domain === undefined
        ? `xl list does not name domain ${String(domid)}: it is just starting or just gone.`
        : `The name of ${view.known.name} cannot be given to xl safely: it takes letters, digits, dots, dashes and underscores, 64 at most, and not digits alone, which xl takes for the number of a domain.`,
      domain === undefined ? undefined : `xl rename ${String(domid)} NEWNAME`,
    ),
  ];
}

/** Whether tmem can do anything for this guest. */
export function tmemFindings(view: GuestView): readonly Finding[] {
  const { look, site } = view;
  if (look.version !== undefined && !atMost(look.version, 12)) {
    return [finding(view, 'missing', `The Xen of ${site.name} has no tmem: it was removed in 4.13.`)];
  }
  if (switchedOn(look) === false) {
    return [
      finding(
        view,
        'missing',
        `tmem is switched off in the hypervisor of ${site.name}: guests are refused every page.`,
        `Boot Xen with tmem=1:\nsed -i -E 's/^GRUB_CMDLINE_XEN(_DEFAULT)?=["'\\'']/&tmem=1 /' /etc/default/grub\n${reboot(site)}`,
      ),
    ];
  }
  return [];
}

const reboot = (site: Site): string =>
  bootLines(site.evidence, {})
    .lines.filter((line) => !line.startsWith('grubby'))
    .join('\n');

export function clientFindings(view: GuestView): readonly Finding[] {
  if (view.known.client !== undefined) return [];
  return [
    finding(
      view,
      'missing',
      `${view.known.name} has not used tmem yet: xl has nothing to set for it, and on old versions says so with exit status 0.`,
      'Boot the guest with tmem on its kernel’s command line (Linux 3.1 to 5.2).',
    ),
  ];
}

export const knobNow = (value: number | undefined): string => (value === undefined ? '' : String(value));

/** Whether tmem can do something for any of them. */
export function fitsXen(guests: readonly GuestView[], what: string): Fit {
  const able = guests.filter((view) => tmemFindings(view).length === 0);
  if (guests.length === 0) return { fits: false, because: 'None of these is a guest of a Xen host.', rank: 0 };
  const [view] = guests;
  if (able.length === 0)
    return { fits: false, because: (view && tmemFindings(view)[0]?.sentence) ?? 'No tmem here.', rank: 0 };
  return { fits: true, because: `These are guests of a Xen host with tmem, which can do ${what}.`, rank: 90 };
}
