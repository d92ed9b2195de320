/** mainline.inside: zswap in the guest's own kernel, where the guest is a host of the console too. */
import type { ManualStep } from '#shared/model/plan.ts';
import type { Finding } from '#shared/model/wish.ts';
import type { Sites } from '../../change.ts';
import type { Found } from '../../planning/targets.ts';
import type { Values, WishKind } from '../../planning/wish-kind.ts';
import { bootArguments, zswapBootLines } from './boot-lines.ts';
import { Look } from './look.ts';
import { zswapFindings } from './zswap-found.ts';
import { zswapFields, zswapProblems, zswapSteps, zswapWill } from './zswap.ts';

interface Inside {
  readonly found: Found;
  readonly look: Look;
}

/** The guests that can be reached from inside, and why the others cannot. */
export function insideOf(
  found: readonly Found[],
  sites: Sites,
): { readonly inside: readonly Inside[]; readonly findings: readonly Finding[] } {
  const inside: Inside[] = [];
  const findings: Finding[] = [];
  for (const one of found) {
    const { target, site } = one;
    const host = target.guest === undefined ? undefined : site.inside.get(target.guest);
    const own = host === undefined ? undefined : sites.get(host);
    if (own) inside.push({ found: one, look: new Look(own) });
    else {
      const here = {
        level: 'missing' as const,
        host: site.host,
        ...(target.guest === undefined ? {} : { guest: target.guest }),
      };
      findings.push(
        host === undefined
          ? {
              ...here,
              sentence: 'This guest is not among the hosts of this console, so nothing can be set inside it.',
              fix: 'Add it as a host, by its own address: it is recognised by its UUID.',
            }
          : {
              ...here,
              sentence: 'This guest is among the hosts of this console, but is not connected.',
              fix: 'Connect it.',
            },
      );
    }
  }
  return { inside, findings };
}

export const inside: WishKind = {
  def: {
    id: 'mainline.inside',
    wizard: 'frontswap',
    title: 'Switch zswap on inside',
    about:
      'The guest compresses its own swapped pages, within the memory it has. For guests whose own swap device is slow, and that you may log in to.',
    of: 'guest',
  },
  fits: (found, sites) => {
    const { inside: guests, findings } = insideOf(found, sites);
    if (guests.length === 0) return { fits: false, because: whyNone(findings), rank: 0 };
    return guests.some(({ look }) => look.hasZswap)
      ? { fits: true, because: 'The guest is reached by SSH and its kernel has zswap.', rank: 60 }
      : { fits: false, because: 'The guest’s kernel has no zswap.', rank: 0 };
  },
  form: (found, sites) => {
    const { inside: guests, findings } = insideOf(found, sites);
    const able = guests.filter(({ look }) => look.hasZswap).map(({ look }) => look);
    return {
      fields: able.length === 0 ? [] : zswapFields(able),
      findings: [...findings, ...guests.flatMap(({ look }) => [...zswapFindings(look)])],
    };
  },
  plan: (found, values, sites) => {
    const guests = insideOf(found, sites).inside.filter(({ look }) => look.hasZswap);
    return {
      steps: guests.flatMap(({ look, found: { at } }) => [...zswapSteps(look, values, at)]),
      manual: guests.flatMap(({ look }) => manual(look, values) ?? []),
      fields: guests.flatMap(({ look }) => [...zswapProblems(look, values)]),
      will: guests.flatMap(({ look }) => [...zswapWill(look, values)]),
    };
  },
};

function whyNone(findings: readonly Finding[]): string {
  return findings.length > 1
    ? 'None of these guests is a connected host of this console, so nothing can be set inside them.'
    : (findings[0]?.sentence ?? 'No guest is selected.');
}

/** Nothing is left to do where the kernel was booted with the same already. */
function manual(look: Look, values: Values): ManualStep | undefined {
  const wanted = bootArguments(look, values);
  const booted = look.site.evidence.files.get('/proc/cmdline')?.text.trim().split(/\s+/) ?? [];
  if (wanted.every((argument) => booted.includes(argument))) return undefined;
  const { lines, undoLines } = zswapBootLines(look, wanted, values('compressor'));
  return {
    host: look.site.host,
    title: `zswap at every boot of ${look.site.name}`,
    because:
      'What is set at run time is forgotten when the guest restarts. These lines, as root inside the guest, make the kernel start with it.',
    lines,
    undoLines,
    needs: 'reboot',
  };
}
