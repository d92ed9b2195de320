import { describe, expect, it } from 'vitest';
import { inventoryFormat, openInventory, type InventoryFile } from '#core/hosts/inventory.ts';
import type { JsonFile } from '#core/ports.ts';
import type { HostConfig } from '#shared/model/host.ts';
import { problem, problemOf, ProblemError } from '#shared/problem.ts';

const host = (id: string, name = id, more: Partial<HostConfig> = {}): HostConfig => ({
  id,
  name,
  address: `${id}.example.org`,
  port: 22,
  user: 'root',
  login: { method: 'agent' },
  group: '',
  tags: [],
  jumps: [],
  agent: 'pushed',
  sudo: 'never',
  guestGroups: [],
  connect: true,
  ...more,
});

/** A file that answers when it is told to. */
function file(start?: InventoryFile) {
  const saved: InventoryFile[] = [];
  const disk: JsonFile<InventoryFile> & { full: boolean; saved: InventoryFile[] } = {
    full: false,
    saved,
    load: () => Promise.resolve(start),
    save: async (value) => {
      await Promise.resolve();
      if (disk.full) throw new ProblemError(problem('disk-full', 'full'));
      saved.push(value);
    },
  };
  return disk;
}
const codeOf = async (what: Promise<unknown>) =>
  problemOf(await what.catch((reason: unknown) => reason))?.code ?? 'no problem';
const names = (hosts: readonly HostConfig[]) => hosts.map(({ name }) => name);

describe('a change', () => {
  it('is on the disk before it answers', async () => {
    const disk = file();
    const inventory = await openInventory(disk);
    await inventory.add(host('a'));
    expect(disk.saved.at(-1)).toEqual({ hosts: [host('a')] });
    await inventory.replace(host('a', 'renamed'));
    expect(names(disk.saved.at(-1)?.hosts ?? [])).toEqual(['renamed']);
    expect(inventory.get('a')?.name).toBe('renamed');
    expect(await inventory.remove(['a', 'gone', 'a'])).toEqual(['a']);
    expect(disk.saved.at(-1)).toEqual({ hosts: [] });
  });

  it('did not happen when it could not be saved, and the next one works', async () => {
    const disk = file({ hosts: [host('a')] });
    const inventory = await openInventory(disk);
    disk.full = true;
    expect(await codeOf(inventory.add(host('b')))).toBe('disk-full');
    expect(await codeOf(inventory.replace(host('a', 'z')))).toBe('disk-full');
    expect(await codeOf(inventory.remove(['a']))).toBe('disk-full');
    expect(await codeOf(inventory.addAll([host('c')]))).toBe('disk-full');
    expect(inventory.list()).toEqual([host('a')]);
    disk.full = false;
    await inventory.add(host('b'));
    expect(names(inventory.list())).toEqual(['a', 'b']);
  });

  it('sees the ones asked for before it, also while they are being saved', async () => {
    const disk = file();
    const inventory = await openInventory(disk);
    const all = [
      inventory.add(host('a')),
      inventory.add(host('b')),
      inventory.add(host('c', 'A ')),
      inventory.remove(['a']),
    ];
    const outcomes = await Promise.allSettled(all);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(disk.saved.map(({ hosts }) => names(hosts))).toEqual([['a'], ['a', 'b'], ['b']]);
  });
});

describe('names', () => {
  it('are refused when taken, whatever the case', async () => {
    const inventory = await openInventory(file({ hosts: [host('a', 'db-07'), host('b')] }));
    expect(await codeOf(inventory.add(host('c', 'DB-07 ')))).toBe('conflict');
    expect(await codeOf(inventory.replace(host('b', 'db-07')))).toBe('conflict');
    expect(await codeOf(inventory.replace(host('a', 'DB-07')))).toBe('no problem');
    expect(await codeOf(inventory.replace(host('gone', 'x')))).toBe('not-found');
    expect(await codeOf(inventory.add(host('a', 'x')))).toBe('conflict');
    expect(await codeOf(inventory.addAll([host('x'), host('x', 'y')]))).toBe('conflict');
  });

  it('get a number when many are added, and stay within their length', async () => {
    const long = 'x'.repeat(120);
    const inventory = await openInventory(file({ hosts: [host('a', 'db'), host('b', 'db (2)'), host('l', long)] }));
    const added = await inventory.addAll([host('c', 'db'), host('d', 'DB'), host('e', 'new'), host('f', long)]);
    expect(names(added)).toEqual(['db (3)', 'DB (4)', 'new', `${'x'.repeat(116)} (2)`]);
    expect(names(inventory.list()).slice(3)).toEqual(names(added));
  });

  it('are told apart when the file was edited by hand', async () => {
    const inventory = await openInventory(file({ hosts: [host('a', 'db'), host('b', 'db')] }));
    expect(names(inventory.list())).toEqual(['db', 'db (2)']);
  });
});

describe('the schema of the file', () => {
  const check = (hosts: unknown[]) => inventoryFormat.schema.safeParse({ hosts });

  it('takes what the console writes', () => {
    const full = host('a', 'db', {
      login: { method: 'key', keyFile: '/home/me/.ssh/id' },
      jumps: [{ address: 'j', port: 2222, user: 'me', login: { method: 'password' } }],
      guestGroups: ['machine.slice/*'],
      tags: ['prod'],
    });
    expect(check([full]).data).toEqual({ hosts: [full] });
  });

  it.each([
    ['a password beside the login', { ...host('a'), password: 'hunter2' }, ['hosts', 0]],
    ['a password in the login', { ...host('a'), login: { method: 'password', password: 'x' } }, ['hosts', 0, 'login']],
    ['a port out of range', { ...host('a'), port: 70000 }, ['hosts', 0, 'port']],
    ['no id', { ...host('a'), id: undefined }, ['hosts', 0, 'id']],
  ])('refuses %s, and says where', (_, wrong, path) => {
    expect(check([wrong]).error?.issues[0]?.path).toEqual(path);
  });

  it('refuses the same id twice', () => {
    expect(check([host('a'), host('a', 'b')]).error?.issues[0]?.message).toBe('two hosts have the same id');
  });
});
