import { describe, expect, it } from 'vitest';
import type { ClusterMember } from '#shared/model/cluster-member.ts';
import { clustersVerdict, clusterVerdict } from '../../../../renderer/pages/clusters/cluster-verdict.ts';
import { clusterViews } from '../../../../renderer/pages/clusters/cluster-view.ts';
import { verdictText } from '../../../../renderer/parts/verdict.ts';
import { member } from './members.ts';

const views = (members: readonly ClusterMember[]) => clusterViews(members, () => true);
const said = (...members: ClusterMember[]) =>
  views(members).map((view) => verdictText(clusterVerdict(view)).replace(/\u00a0/g, ' '))[0];
const donor = (more = {}) => member('donor', { self: 2, foreign: 5, total: 64, available: 30, ...more });

describe('the verdict on a cluster', () => {
  it('says who lends to whom, how much, and what breaks', () => {
    expect(
      said(member('a', { self: 0, target: 2, away: 3 }), member('b', { self: 1, target: 2, away: 2 }), donor()),
    ).toBe(
      'a and b keep 5.00 GiB in the RAM of donor; if donor dies, programs on a and b lose 5.00 GiB: there is no second copy.',
    );
  });
  it('says who is full', () => {
    expect(said(member('a', { self: 0, target: 2, away: 3, flow: { failed: 4 } }), donor())).toBe(
      'a keeps 3.00 GiB in the RAM of donor; donor refuses pages; if donor dies, programs on a lose 3.00 GiB: there is no second copy.',
    );
  });
  it('begins with a donor that is lost', () => {
    const view = views([member('a', { self: 0, target: 2, away: 3, linked: false }), donor()])[0];
    const verdict = view === undefined ? [] : clusterVerdict(view);
    expect(verdictText(verdict).replace(/\u00a0/g, ' ')).toBe('donor is lost: 3.00 GiB of a cannot be fetched.');
    expect(verdict[0]).toMatchObject({
      words: 'donor',
      tone: 'bad',
      to: { name: 'host', params: { host: 'id-donor' } },
    });
  });
  it('counts hosts when they are many, and donors when they are several', () => {
    const many = Array.from({ length: 5 }, (_, self) =>
      member(`a${self}`, { self, nodes: 7, target: self < 4 ? 5 : 6, away: 1 }),
    );
    expect(said(...many)).toBe(
      '5 hosts keep 5.00 GiB in the RAM of 2 others; if n5 dies, programs on a0, a1 and 2 more lose 4.00 GiB: there is no second copy.',
    );
  });
  it('does not make figures up', () => {
    expect(said(member('a', { self: 0, target: 2 }), donor())).toContain(
      'a keeps pages that nobody counts in the RAM of donor',
    );
    expect(said(member('a', { self: 0, target: 2, away: 1 }), member('b', { self: 1, target: 2 }), donor())).toContain(
      'keep at least 1.00 GiB',
    );
  });
  it('says so when nobody keeps anything elsewhere, and where it would go', () => {
    expect(said(member('a', { self: 0 }))).toBe('No host of lend keeps pages in another’s RAM.');
    expect(said(member('a', { self: 0, target: 1, away: 0 }))).toBe(
      'No host of lend keeps pages in another’s RAM; what would be sent goes to n1.',
    );
  });
  it('says whose pages a donor keeps when the console does not know them', () => {
    expect(said(donor())).toBe('donor keeps 5.00 GiB for nodes that the console does not watch.');
  });
  it('sums several clusters up', () => {
    const other = { cluster: 'other', subnet: '10.2.0' };
    const all = views([
      member('a', { self: 0, target: 2, away: 3, linked: false }),
      donor(),
      member('b', { self: 0, target: 1, away: 1, flow: { failed: 2 }, ...other }),
    ]);
    expect(verdictText(clustersVerdict(all)).replace(/\u00a0/g, ' ')).toBe(
      '2 clusters of 6 hosts keep 4.00 GiB for each other; donor is lost; n1 refuses pages.',
    );
  });
});
