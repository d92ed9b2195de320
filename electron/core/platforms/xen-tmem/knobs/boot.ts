/** Options on the hypervisor's command line (docs/domain.md 3.1): they count from the next boot of the host. */
import type { KnobDef } from '#shared/model/knob.ts';

const doc = 'https://xenbits.xen.org/docs/4.11-testing/misc/xen-command-line.html';

const option = (name: string, title: string, help: string, traps: readonly string[]): KnobDef => ({
  id: `xen.boot.${name}`,
  title,
  of: 'host',
  target: `${name}=0|1 on the hypervisor’s command line`,
  range: { kind: 'switch' },
  default: '0',
  survives: 'reboot',
  help,
  traps,
  doc,
  readBy: 'xen.info.xen_commandline',
});

export const bootKnobs: readonly KnobDef[] = [
  option('tmem', 'tmem in the hypervisor', 'Without it every put is refused, although xl tmem-list answers.', [
    'Xen 4.0 to 4.2 has known holes in tmem (XSA-15): a guest can crash or take over the host.',
    'Xen 4.12 is built without tmem unless asked for; 4.13 and later have none.',
    'tmem was never more than experimental or a technology preview.',
  ]),
  option('tmem_compress', 'Compress by default', 'New guests start with compress on.', [
    'Guests that are there keep their setting.',
  ]),
  option('tmem_dedup', 'Deduplicate', 'Equal ephemeral pages of all guests are kept once. Xen 4.1 to 4.7 only.', [
    'Compression cannot be switched on while it is on.',
  ]),
  option('tmem_tze', 'Cut trailing zeros', 'Zeros at the end of a page take no room. Xen 4.1 to 4.7 only.', [
    'Together with deduplication and compression it is switched off.',
  ]),
  option('tmem_shared_auth', 'Shared pools need authorisation', 'Xen up to 4.8; later ones always ask for it.', [
    'Where it is off, any guest that names a file system’s uuid shares its cache.',
  ]),
];
