import { flushPromises } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { effectScope } from 'vue';
import type { GuestRow } from '#shared/model/guest-row.ts';
import { defaultSettings } from '#shared/model/settings.ts';
import { ProblemError, problem } from '#shared/problem.ts';
import { useConsole } from '../../../renderer/console.ts';
import { useGuests } from '../../../renderer/stores/guests.ts';
import { useHosts } from '../../../renderer/stores/hosts.ts';
import { useNotices } from '../../../renderer/stores/notices.ts';
import { useSettings } from '../../../renderer/stores/settings.ts';
import { fakeConsole } from '../../support/fake-console.ts';
import { hostView } from '../../support/host-view.ts';
import { inApp } from '../../support/mount-page.ts';

const guest = (host: string, key: string, name = key) => ({ host, hostName: host, key, name }) as unknown as GuestRow;

describe('subscriptions', () => {
  it('end with the scope that made them', () => {
    const fake = fakeConsole();
    const scope = effectScope();
    scope.run(() => inApp(fake, () => useConsole().on('hosts.removed', () => undefined)));
    expect(fake.listeners('hosts.removed')).toBe(1);
    scope.stop();
    expect(fake.listeners('hosts.removed')).toBe(0);
  });
});

describe('hosts', () => {
  it('loads, follows changes and removals, and lists by name as people count', async () => {
    const fake = fakeConsole({ 'hosts.list': () => [hostView('host-10'), hostView('host-9')] });
    const hosts = inApp(fake, useHosts);
    expect(hosts.loaded).toBe(false);
    await flushPromises();
    expect(hosts.all.map(({ config }) => config.name)).toEqual(['host-9', 'host-10']);
    fake.emit('hosts.changed', [hostView('host-1'), hostView('host-9', { state: { kind: 'off' } })]);
    fake.emit('hosts.removed', ['id-host-10']);
    expect(hosts.all.map(({ config, state }) => [config.name, state.kind])).toEqual([
      ['host-1', 'live'],
      ['host-9', 'off'],
    ]);
  });
  it('keeps the problem when it cannot load, and loads again with the next connection', async () => {
    const fake = fakeConsole({
      'hosts.list': () => {
        throw new ProblemError(problem('internal', 'The console made a mistake.'));
      },
    });
    const hosts = inApp(fake, useHosts);
    await flushPromises();
    expect(hosts.problem?.sentence).toBe('The console made a mistake.');
    fake.answers['hosts.list'] = () => [hostView('a')];
    fake.lose();
    fake.reopen();
    await flushPromises();
    expect(hosts.problem).toBeUndefined();
    expect(hosts.all.length).toBe(1);
  });
});

describe('settings', () => {
  it('puts theme and density on the document, and leaves the theme to the system when asked to', async () => {
    const fake = fakeConsole({
      'settings.get': () => ({ ...defaultSettings, intervalSeconds: 2, theme: 'dark', density: 'compact' }),
      'settings.set': ({ settings }) => settings,
    });
    const settings = inApp(fake, useSettings);
    await flushPromises();
    expect({ ...document.documentElement.dataset }).toMatchObject({ theme: 'dark', density: 'compact' });
    await settings.change({ theme: 'system' });
    await flushPromises();
    expect(document.documentElement.dataset['theme']).toBeUndefined();
    expect(fake.calls.at(-1)?.args).toEqual({
      settings: { ...defaultSettings, intervalSeconds: 2, density: 'compact' },
    });
  });
  it('takes a change back that the core refuses', async () => {
    const fake = fakeConsole({
      'settings.get': () => defaultSettings,
      'settings.set': () => {
        throw new ProblemError(problem('file-unwritable', 'The settings cannot be written.'));
      },
    });
    const settings = inApp(fake, useSettings);
    await flushPromises();
    const changing = settings.change({ intervalSeconds: 1 });
    expect(settings.current.intervalSeconds).toBe(1);
    await expect(changing).rejects.toThrow('cannot be written');
    expect(settings.current.intervalSeconds).toBe(5);
  });
});

describe('notices', () => {
  it('are dismissed here at once and there for good', async () => {
    const fake = fakeConsole({
      'console.notices': () => [{ id: 'n1', level: 'warning', sentence: 'Kept aside.' }],
      'console.dismiss': () => null,
    });
    const notices = inApp(fake, useNotices);
    await flushPromises();
    const dismissing = notices.dismiss('n1');
    expect(notices.all).toEqual([]);
    await dismissing;
    expect(fake.calls.at(-1)).toEqual({ name: 'console.dismiss', args: { notice: 'n1' } });
    fake.emit('console.noticed', [{ id: 'n2', level: 'info', sentence: 'New.' }]);
    expect(notices.all.map(({ id }) => id)).toEqual(['n2']);
  });
});

describe('guests', () => {
  it('asks nothing until a page wants them, then only for what changed', async () => {
    const fake = fakeConsole();
    const guests = inApp(fake, useGuests);
    fake.emit('guests.moved', { revision: 3 });
    await flushPromises();
    expect(fake.calls).toEqual([]);

    fake.answers['guests.changes'] = () => ({ revision: 3, rows: [guest('h1', 'a'), guest('h2', 'a')], gone: [] });
    guests.ensure();
    guests.ensure();
    await flushPromises();
    expect(guests.rows.length).toBe(2);

    fake.answers['guests.changes'] = () => ({
      revision: 5,
      rows: [guest('h1', 'a', 'renamed')],
      gone: [{ host: 'h2', key: 'a' }],
    });
    fake.emit('guests.moved', { revision: 3 });
    fake.emit('guests.moved', { revision: 5 });
    await flushPromises();
    expect(fake.calls.map(({ args }) => args)).toEqual([{ since: 0 }, { since: 3 }]);
    expect(guests.rows.map(({ name }) => name)).toEqual(['renamed']);
    expect(guests.find('h1', 'a')?.name).toBe('renamed');
  });
  it('asks once more for what moved while it was asking, and never twice at a time', async () => {
    let answer: (revision: number) => void = () => undefined;
    let asking = 0;
    const fake = fakeConsole({
      'guests.changes': () => {
        asking += 1;
        expect(asking).toBe(1);
        return new Promise((resolve) => {
          answer = (revision) => {
            asking -= 1;
            resolve({ revision, rows: [], gone: [] });
          };
        });
      },
    });
    inApp(fake, useGuests).ensure();
    await flushPromises();
    fake.emit('guests.moved', { revision: 2 });
    fake.emit('guests.moved', { revision: 3 });
    answer(1);
    await flushPromises();
    answer(3);
    await flushPromises();
    expect(fake.calls.map(({ args }) => args)).toEqual([{ since: 0 }, { since: 1 }]);
  });
  it('begins anew with a new connection, whose revisions are its own', async () => {
    const fake = fakeConsole({ 'guests.changes': () => ({ revision: 9, rows: [guest('h', 'old')], gone: [] }) });
    const guests = inApp(fake, useGuests);
    guests.ensure();
    await flushPromises();
    fake.answers['guests.changes'] = () => ({ revision: 1, rows: [guest('h', 'new')], gone: [] });
    fake.lose();
    fake.reopen();
    await flushPromises();
    expect(guests.rows.map(({ key }) => key)).toEqual(['new']);
  });
  it('forgets the guests of a removed host', async () => {
    const fake = fakeConsole({
      'guests.changes': () => ({ revision: 1, rows: [guest('h1', 'a'), guest('h2', 'b')], gone: [] }),
    });
    const guests = inApp(fake, useGuests);
    guests.ensure();
    await flushPromises();
    fake.emit('hosts.removed', ['h1']);
    expect(guests.rows.map(({ host }) => host)).toEqual(['h2']);
  });
});
