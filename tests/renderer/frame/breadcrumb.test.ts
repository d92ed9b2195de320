import { describe, expect, it } from 'vitest';
import { breadcrumb } from '../../../renderer/frame/breadcrumb.ts';

const at = (name: string, params: Record<string, string> = {}, title = 'T') =>
  breadcrumb(
    { name, params, meta: { title } },
    (host) => (host === 'h1' ? 'db-1' : undefined),
    (_, key) => (key === 'k1' ? 'oradb' : undefined),
    (plan) => (plan === 'p1' ? 'Compress swapped pages' : undefined),
  ).map(({ words }) => words);

describe('the breadcrumb', () => {
  it.each([
    ['fleet', {}, ['Fleet']],
    ['host', { host: 'h1' }, ['Fleet', 'db-1']],
    ['host', { host: 'gone' }, ['Fleet', 'Unknown host']],
    ['edit-host', { host: 'h1' }, ['Fleet', 'db-1', 'T']],
    ['guest', { host: 'h1', guest: 'k1' }, ['Fleet', 'db-1', 'oradb']],
    ['guest', { host: 'h1', guest: 'libvirt:x' }, ['Fleet', 'db-1', 'libvirt:x']],
    ['settings', {}, ['T']],
    ['plan', { plan: 'p1' }, ['Changes', 'Compress swapped pages']],
    ['plan', { plan: 'gone' }, ['Changes', 'T']],
    ['change', { wizard: 'compress' }, ['Changes', 'T']],
  ])('of %s', (name, params, words) => expect(at(name, params)).toEqual(words));
});
