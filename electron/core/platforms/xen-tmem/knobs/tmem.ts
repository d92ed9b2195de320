/**
 * xl tmem-set, tmem-freeze, tmem-thaw, tmem-shared-auth: per guest, gone with the guest (docs/domain.md 3.1, 6
 * fairness).
 */
import type { KnobDef } from '#shared/model/knob.ts';

const doc = 'https://xenbits.xen.org/docs/4.11-testing/man/xl.1.html';
const order =
  'Options come before the domain. With the domain first, as xl’s own usage text has it, xl refuses or silently ignores them.';
const readBack =
  'Read it back: on Xen 4.4 and 4.7 a refused setting is a message on standard error and exit status 0, and of several options only the last decides the status.';
const all =
  '-a instead of a guest wipes the other settings of every guest on Xen 4.11: setting the weight clears compress, setting compress clears the weight. Set each guest by name.';
const unchecked = 'Values are not checked: a word counts as 0, and 4294967295 is stored as -1.';
const unborn =
  'A guest that has not used tmem yet has no client: the setting is refused, on old versions with exit status 0.';

export const tmemKnobs: readonly KnobDef[] = [
  {
    id: 'xen.tmem.weight',
    title: 'Weight',
    of: 'guest',
    target: 'xl tmem-set -w WEIGHT NAME',
    range: { kind: 'number', min: 0, max: 2_147_483_647, unit: '' },
    default: '0',
    survives: 'nothing',
    help: 'Meant to divide ephemeral memory between guests when the host is full. 0 for everyone: no division at all.',
    traps: [
      'A higher weight does not give more cache. On a full host with weights 90 and 10, the guest with 90 fell to 9 % of the pages; turning the weights round changed nothing any more.',
      'A weight of 0 takes the guest out of the division.',
      order,
      all,
      unchecked,
      unborn,
      readBack,
    ],
    doc,
    readBy: 'xen.tmem.C.ww',
  },
  {
    id: 'xen.tmem.cap',
    title: 'Cap',
    of: 'guest',
    target: 'xl tmem-set -c CAP NAME',
    range: { kind: 'number', min: 0, max: 2_147_483_647, unit: '' },
    default: '0',
    survives: 'nothing',
    help: 'Stored and shown by Xen 4.0 to 4.7.',
    traps: [
      'It is enforced nowhere: a guest with cap 100 went on to 31 719 pages.',
      'Xen 4.8 and later refuse it (“valid sets are <weight|compress>”), though xl still takes the option; together with -p the exit status is 0 all the same.',
      order,
      unchecked,
      unborn,
      readBack,
    ],
    doc,
    readBy: 'xen.tmem.C.ca',
  },
  {
    id: 'xen.tmem.compress',
    title: 'Compress',
    of: 'guest',
    target: 'xl tmem-set -p 0|1 NAME',
    range: { kind: 'switch' },
    default: '0',
    survives: 'nothing',
    help: 'Keep new pages of this guest compressed. Costs processor time in the hypervisor with every put and get.',
    traps: [
      'Pages that are there stay as they are, in both directions.',
      'Where the hypervisor runs with tmem_dedup it changes nothing and says so only in xl dmesg; the exit status is 0.',
      '2 means off on Xen 4.11 and on on 4.4: use 0 and 1.',
      order,
      all,
      unborn,
      readBack,
    ],
    doc,
    readBy: 'xen.tmem.C.co',
  },
  {
    id: 'xen.tmem.frozen',
    title: 'Frozen',
    of: 'guest',
    target: 'xl tmem-freeze NAME, xl tmem-thaw NAME',
    range: { kind: 'switch' },
    default: '0',
    survives: 'nothing',
    help: 'Refuse new pages of this guest, ephemeral and persistent.',
    traps: [
      'Gets and flushes go on, so a frozen guest’s pages only leave: its swapping moves to its disk (32 767 pages became 19 224 within a minute).',
      'NAME followed by -a freezes NAME only, with exit status 0: what stands after the domain is ignored.',
      '-a freezes every guest.',
      'Refused for a guest without a client; on Xen 4.4 and 4.7 with exit status 0.',
    ],
    doc,
    readBy: 'xen.tmem.C.fr',
  },
  {
    id: 'xen.tmem.shared-auth',
    title: 'Authorised for a shared pool',
    of: 'guest',
    target: 'xl tmem-shared-auth -u UUID -A 0|1 NAME',
    range: { kind: 'switch' },
    default: '0',
    survives: 'nothing',
    help: 'Lets this guest share the cache of a cluster file system with others. 1 authorises, 0 takes it back, on every version.',
    traps: [
      'The help text of Xen 4.8 and older, and the man page of all, have it the wrong way round (0=auth, 1=deauth).',
      'UUID is the file system’s with all bytes reversed. The one blkid prints is accepted, with exit status 0, and does nothing.',
      'It counts at the next mount. Taking it back does not end a sharing that is there.',
      'Without it a guest asking for a shared pool silently gets a private one: read the pool’s kind back.',
      'Xen 4.4 to 4.8 ask for it only when booted with tmem_shared_auth=1; later ones always do.',
      'Xen 4.4 misreads a UUID with the digits a to f: such a pool cannot be authorised there.',
      'Guests that share a pool can read each other’s pages of that file system.',
      'After one guest leaves a shared pool, its pages can never be evicted while another uses it.',
      '-a fails on Xen 4.11 (“Cannot allocate memory”). On Domain-0 it makes a client for it.',
      order,
    ],
    doc,
  },
];
