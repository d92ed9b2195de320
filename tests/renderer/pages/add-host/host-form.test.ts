import { describe, expect, it } from 'vitest';
import {
  addressIsFilled,
  draftOf,
  emptyForm,
  emptyHop,
  formOf,
  hopErrors,
  reachOf,
  settingsErrors,
  takeApart,
} from '../../../../renderer/pages/add-host/host-form.ts';
import { hostDraft } from '#shared/contract/schemas.ts';

const filled = () => ({ ...emptyForm(), address: ' host-07 ' });

describe('the form of a host', () => {
  it('makes a draft the core takes, named by its address when nobody names it', () => {
    const draft = draftOf({ ...filled(), tags: 'db, prod,db ,', guestGroups: 'a.slice/*.scope\n\nb.slice' });
    expect(hostDraft.parse(draft)).toEqual(draft);
    expect(draft).toMatchObject({ name: 'host-07', tags: ['db', 'prod'], guestGroups: ['a.slice/*.scope', 'b.slice'] });
  });

  it('goes there and back', () => {
    const form = {
      ...filled(),
      address: 'a',
      name: 'n',
      jumps: [{ ...emptyHop(), address: 'j', method: 'key' as const, keyFile: '~/k' }],
    };
    expect(formOf(draftOf(form))).toEqual(form);
  });

  it.each([
    ['ops@gate:2222', { user: 'ops', address: 'gate', port: '2222' }],
    ['ssh://ops@gate/', { user: 'ops', address: 'gate', port: '22' }],
    ['[fe80::1]:2200', { user: 'root', address: 'fe80::1', port: '2200' }],
    ['fe80::1', { user: 'root', address: 'fe80::1', port: '22' }],
    ['plain', { user: 'root', address: 'plain', port: '22' }],
    ['-oProxyCommand=x y', { address: '-oProxyCommand=x y' }],
  ])('takes %s apart', (address, parts) => {
    const form = { ...emptyHop(), address };
    takeApart(form);
    expect(form).toMatchObject(parts);
  });

  it.each([
    [{ address: '' }, 'address'],
    [{ address: '-x' }, 'address'],
    [{ address: 'a b' }, 'address'],
    [{ address: 'a', port: '0' }, 'port'],
    [{ address: 'a', port: '' }, 'port'],
    [{ address: 'a', port: '22x' }, 'port'],
    [{ address: 'a', user: ' ' }, 'user'],
  ])('refuses %j', (part, field) => {
    expect(Object.keys(hopErrors({ ...emptyHop(), ...part }))).toEqual([field]);
  });

  it('wants every machine on the way filled in, its key file too', () => {
    expect(addressIsFilled({ ...filled(), jumps: [emptyHop()] })).toBe(false);
    expect(addressIsFilled({ ...filled(), jumps: [{ ...emptyHop(), address: 'j', method: 'key' }] })).toBe(false);
    expect(addressIsFilled({ ...filled(), jumps: [{ ...emptyHop(), address: 'j' }] })).toBe(true);
  });

  it.each(['../x', '/sys/fs/cgroup/a', 'a/../b', 'a b'])('refuses the control group %s', (group) => {
    expect(settingsErrors({ ...filled(), guestGroups: group })['guestGroups']).toContain(group.slice(0, 3));
  });

  it('watches only unless somebody says otherwise', () => {
    expect(draftOf(filled()).role).toBe('viewer');
    const before = draftOf({ ...filled(), role: 'operator' });
    expect(formOf(before).role).toBe('operator');
    expect(formOf({ ...before, role: undefined }).role).toBe('viewer');
  });

  it('knows when an earlier test says nothing any more', () => {
    const form = filled();
    expect(reachOf({ ...form, name: 'x', tags: 'y', group: 'z' })).toBe(reachOf(form));
    expect(reachOf({ ...form, user: 'x' })).not.toBe(reachOf(form));
    expect(reachOf({ ...form, sudo: 'never' })).not.toBe(reachOf(form));
    expect(reachOf({ ...form, role: 'operator' })).not.toBe(reachOf(form));
  });
});
