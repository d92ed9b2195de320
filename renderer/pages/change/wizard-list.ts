/** The wizards as the pages offer them: what each is called, and what its targets are. Pure. */
import type { WizardId } from '#shared/model/wish.ts';
import { wizards } from '#shared/model/wish.ts';

export interface WizardDef {
  readonly id: WizardId;
  /** On top of the wizard, and in the palette. */
  readonly title: string;
  /** In a menu that names its targets already. */
  readonly short: string;
  readonly about: string;
  /** Hosts or guests, never both in one change; the list begins with the first. */
  readonly of: readonly ('host' | 'guest')[];
  /** Fewer cannot be changed together. */
  readonly least: number;
}

const defs: { readonly [id in WizardId]: Omit<WizardDef, 'id'> } = {
  frontswap: {
    title: 'Enable frontswap for a guest',
    short: 'Enable frontswap',
    about: 'Pages the guest swaps out are kept in RAM, compressed, instead of on its disk.',
    of: ['guest', 'host'],
    least: 1,
  },
  cleancache: {
    title: 'Extra page cache for a guest (cleancache)',
    short: 'Extra page cache (cleancache)',
    about: 'Clean file pages the guest drops are kept while there is room, and need no read from the disk again.',
    of: ['guest', 'host'],
    least: 1,
  },
  compress: {
    title: 'Compress memory on a host',
    short: 'Compress memory',
    about: 'Pages that are rarely used are kept compressed, so that the same RAM holds more.',
    of: ['host'],
    least: 1,
  },
  cluster: {
    title: 'Build a RAMster cluster',
    short: 'Build a RAMster cluster',
    about: 'Hosts that are short of memory keep pages in the RAM of hosts that have some to spare.',
    of: ['host'],
    least: 2,
  },
  pool: {
    title: 'Create a pool / set a pool’s share',
    short: 'Set a pool’s share',
    about: 'How much of a pool each guest may take, or a new pool.',
    of: ['guest', 'host'],
    least: 1,
  },
  balloon: {
    title: 'Give guests a balloon policy',
    short: 'Balloon policy',
    about: 'How far the balloon takes back memory a guest was promised, and whether the guest tells what it uses.',
    of: ['guest'],
    least: 1,
  },
  knob: {
    title: 'Change a setting',
    short: 'Change a setting',
    about: 'One setting of a host, a guest or a device.',
    of: ['host', 'guest'],
    least: 1,
  },
};

export const wizardDef = (id: WizardId): WizardDef => ({ id, ...defs[id] });
export const wizardList: readonly WizardDef[] = wizards.map(wizardDef);
export const isWizard = (word: string): word is WizardId => wizards.some((id) => id === word);

/** What can be done to guests, in bulk too. A single setting is changed from where it is shown. */
export const guestWizards: readonly WizardDef[] = wizardList.filter(({ id, of }) => id !== 'knob' && of[0] === 'guest');
export const hostWizards: readonly WizardDef[] = wizardList.filter(({ id, of }) => id !== 'knob' && of[0] === 'host');
