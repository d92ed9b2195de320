/** `xl mem-set`, `xl mem-max`, `xl destroy`: what changes a domain's memory from outside (docs/domain.md 3.3). */
import type { CommandOutcome } from '../machine.ts';
import { answer, domidOf, isOld, noDomain } from './answer.ts';
import { limitFor } from './guest.ts';
import type { Guest } from './guest.ts';
import type { HostModel } from './host-model.ts';
import { usage } from './usage.ts';

/** MiB when no letter says otherwise. @returns pages; undefined: no amount */
function amount(text: string): number | undefined {
  const [, digits, letter] = /^(\d{1,12})([tgmkb]?)$/i.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const bytes = Number(digits) * 1024 ** ({ t: 4, g: 3, m: 2, k: 1, b: 0 }[letter?.toLowerCase() ?? ''] ?? 2);
  return Math.floor(bytes / 4096);
}

type Asked = { readonly guest: Guest; readonly pages: number } | CommandOutcome;

function asked(model: HostModel, command: string, words: readonly string[]): Asked {
  const [name, size] = words;
  if (name === undefined || size === undefined)
    return answer(`'xl ${command}' requires at least 2 arguments.\n\n${usage(command, model.tmem.traits.minor)}`, 2);
  const domid = domidOf(model, name);
  const guest = domid === undefined ? undefined : model.find(String(domid));
  if (guest === undefined) return noDomain(model, name);
  const pages = amount(size);
  return pages === undefined ? answer(`invalid memory size: ${size}\n`, isOld(model) ? 3 : 1) : { guest, pages };
}

const where = (model: HostModel, old: number, late: number): string =>
  isOld(model) ? `libxl.c:${String(old)}:` : `libxl_mem.c:${String(late)}:`;
const whose = (guest: Guest): string => `Domain ${String(guest.domain.domid)}:`;

/** The hypervisor's limit goes with the target: what lies beyond is closed to frontswap, too. */
export function memSet(model: HostModel, words: readonly string[]): CommandOutcome {
  const found = asked(model, 'mem-set', words);
  if ('text' in found) return found;
  const { guest, pages } = found;
  if (pages > guest.promised) {
    const head = `libxl: error: ${where(model, 4052, 270)}libxl_set_memory_target: `;
    const domain = isOld(model) ? '' : whose(guest);
    return answer(
      `${head}${domain}memory_dynamic_max must be less than or equal to memory_static_max\n\n` +
        `cannot set domid ${String(guest.domain.domid)} dynamic max memory to : ${words[1] ?? ''}\n`,
      1,
    );
  }
  guest.target = pages;
  guest.wanted = pages;
  guest.domain.max = limitFor(pages);
  return answer('');
}

/** Not below the target; above the promise it is taken and gives the guest no more than tmem. */
export function memMax(model: HostModel, words: readonly string[]): CommandOutcome {
  const found = asked(model, 'mem-max', words);
  if ('text' in found) return found;
  const { guest, pages } = found;
  if (pages < guest.target) {
    const head = `libxl: error: ${where(model, 3885, 60)}libxl_domain_setmaxmem: `;
    const [domain, errno] = isOld(model) ? ['', ''] : [whose(guest), ': Success'];
    return answer(
      `${head}${domain}memory_static_max must be greater than or or equal to memory_dynamic_max${errno}\n` +
        `cannot set domid ${String(guest.domain.domid)} static max memory to : ${words[1] ?? ''}\n`,
      1,
    );
  }
  guest.domain.max = limitFor(pages);
  return answer('');
}

export function destroy(model: HostModel, words: readonly string[]): CommandOutcome {
  const [name] = words;
  if (name === undefined)
    return answer(`'xl destroy' requires at least 1 argument.\n\n${usage('destroy', model.tmem.traits.minor)}`, 2);
  const domid = domidOf(model, name);
  if (domid === 0) return answer('Cannot destroy privileged domain 0.\n', isOld(model) ? 255 : 1);
  const guest = domid === undefined ? undefined : model.find(String(domid));
  if (guest === undefined) return noDomain(model, name);
  model.destroy(guest);
  return answer('');
}
