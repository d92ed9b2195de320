import { describe, expect, it } from 'vitest';
import { filterHosts, groupHosts, orderHosts, tagsOf } from '../../../../renderer/pages/fleet/host-filter.ts';
import { nextStep } from '../../../../renderer/pages/fleet/next-step.ts';
import { hostView, states } from '../../../support/host-view.ts';

const a = hostView('alpha', {
  config: { group: 'prod', tags: ['db', 'kvm'] },
  signals: { 'saved.compressed': 1, 'harm.psi-some': 9 },
  summary: { guests: 3 },
});
const b = hostView('beta', { config: { tags: ['kvm'] }, signals: { 'saved.compressed': 5 }, summary: { guests: 7 } });
const c = hostView('gamma', { config: { group: 'attic', address: '10.0.0.9' } });
const names = (hosts: readonly { config: { name: string } }[]) => hosts.map(({ config }) => config.name);

describe('the host grid', () => {
  it.each([
    ['', '', ['alpha', 'beta', 'gamma']],
    ['PROD', '', ['alpha']],
    ['10.0.0', '', ['gamma']],
    ['kvm a', '', ['alpha', 'beta']],
    ['', 'db', ['alpha']],
    ['beta', 'db', []],
  ])('filtered by "%s" and tag "%s"', (text, tag, found) => {
    expect(names(filterHosts([a, b, c], { text, tag }))).toEqual(found);
  });
  it('puts hosts that cannot tell last', () => {
    expect(names(orderHosts([c, a, b], 'saved'))).toEqual(['beta', 'alpha', 'gamma']);
    expect(names(orderHosts([c, b, a], 'pressure'))[0]).toBe('alpha');
    expect(names(orderHosts([c, a, b], 'guests'))).toEqual(['beta', 'alpha', 'gamma']);
  });
  it('groups, hosts without a group last', () => {
    expect(groupHosts([a, b, c]).map(({ name, hosts }) => [name, names(hosts)])).toEqual([
      ['attic', ['gamma']],
      ['prod', ['alpha']],
      ['', ['beta']],
    ]);
  });
  it('offers every tag once', () => expect(tagsOf([a, b, c])).toEqual(['db', 'kvm']));
});

describe('the next step', () => {
  it.each([
    ['off', 'connect'],
    ['connecting', undefined],
    ['unknown-key', 'open'],
    ['changed-key', 'open'],
    ['needs-secret', 'open'],
    ['refused', 'connect'],
    ['live', undefined],
    ['stale', 'connect'],
    ['waiting', 'connect'],
  ] as const)('for %s is %s', (kind, step) => expect(nextStep(states[kind])?.kind).toBe(step));
});
