/** The knobs of a Xen host, which are commands: what they read and run, by the lab's own xl. */
import type { LabKnob } from '../machine.ts';
import { limitFor } from './guest.ts';
import type { Guest } from './guest.ts';
import type { HostModel } from './host-model.ts';
import { pagesPerMiB } from './options.ts';
import { run } from './shell.ts';

export function knobsOf(model: HostModel): ReadonlyMap<string, LabKnob> {
  const xl = (...words: readonly string[]): string | undefined => {
    const { text } = run(model, ['xl', ...words]);
    return text === '' ? undefined : text.trim();
  };
  const named = (name: string): Guest | undefined => model.guests.find(({ options }) => options.name === name);
  const limit = ({ domain }: Guest): string => String(Math.floor((domain.max - limitFor(0)) / pagesPerMiB));
  const client = (key: string, write: (name: string, value: string) => string | undefined): LabKnob => ({
    read: (name) => new RegExp(`^C=.*,${key}:(-?\\d+),`, 'm').exec(xl('tmem-list', '-l', name) ?? '')?.[1],
    write,
  });
  return new Map<string, LabKnob>([
    ['xen.tmem.weight', client('ww', (name, value) => xl('tmem-set', '-w', value, name))],
    ['xen.tmem.cap', client('ca', (name, value) => xl('tmem-set', '-c', value, name))],
    ['xen.tmem.compress', client('co', (name, value) => xl('tmem-set', '-p', value, name))],
    ['xen.tmem.frozen', client('fr', (name, value) => xl(value === '1' ? 'tmem-freeze' : 'tmem-thaw', name))],
    [
      'xen.tmem.shared-auth',
      {
        read: (pair) => (named(pair.split('/')[0] ?? '') ? 'unknown' : undefined),
        write: (pair, value) => {
          const [name = '', uuid = ''] = pair.split('/');
          return xl('tmem-shared-auth', '-u', uuid, '-A', value, name);
        },
      },
    ],
    [
      'xen.mem-max',
      {
        read: (name) => {
          const guest = named(name);
          return guest && limit(guest);
        },
        write: (name, value) => xl('mem-max', name, `${value}m`),
      },
    ],
    [
      'xen.mem-set',
      {
        read: (name) => {
          const guest = named(name);
          return guest && `${String(Math.floor(guest.target / pagesPerMiB))}:${limit(guest)}`;
        },
        write: (name, value) => {
          const [target = '', most = ''] = value.split(':');
          return xl('mem-set', name, `${target}m`) ?? (target === most ? undefined : xl('mem-max', name, `${most}m`));
        },
      },
    ],
  ]);
}
