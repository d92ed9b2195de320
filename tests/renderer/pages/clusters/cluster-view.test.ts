import { describe, expect, it } from 'vitest';
import type { ClusterMember } from '#shared/model/cluster-member.ts';
import { clusterViews } from '../../../../renderer/pages/clusters/cluster-view.ts';
import { GiB } from '../../../support/host-view.ts';
import { member } from './members.ts';

const views = (members: readonly ClusterMember[], dead: readonly string[] = []) =>
  clusterViews(members, (host) => !dead.includes(host));
function only(members: readonly ClusterMember[], dead: readonly string[] = []) {
  const [view, ...others] = views(members, dead);
  expect(others).toEqual([]);
  if (view === undefined) throw new Error('no cluster');
  const node = (name: string) => view.nodes.find((one) => one.name === name) ?? expect.fail(name);
  return { view, node };
}

describe('which hosts belong together', () => {
  it('is told by name and nodes, in whatever order they come', () => {
    const a = [member('a1', { self: 0 }), member('a2', { self: 1 })];
    const b = [
      member('b1', { self: 0, cluster: 'other', subnet: '10.2.0' }),
      member('b2', { self: 1, cluster: 'other', subnet: '10.2.0' }),
    ];
    const names = (members: readonly ClusterMember[]) =>
      views(members).map(({ name, nodes }) => [name, nodes.map((node) => node.name)]);
    expect(names([...a, ...b])).toEqual([
      ['lend', ['a1', 'a2', 'n2']],
      ['other', ['b1', 'b2', 'n2']],
    ]);
    expect(names([...b, ...a].reverse())).toEqual(names([...a, ...b]));
  });
  it('takes clusters of one name for two when they share no node, or share addresses and a number', () => {
    expect(views([member('a', { self: 0 }), member('b', { self: 1, subnet: '10.9.0' })]).length).toBe(2);
    expect(views([member('a', { self: 0 }), member('b', { self: 0 })]).length).toBe(2);
  });
  it('has a host in several clusters in each of them', () => {
    const both = views([
      member('a', { self: 0 }),
      member('a', { self: 1, cluster: 'second', subnet: '10.2.0' }),
      member('b', { self: 1 }),
    ]);
    expect(both.map(({ nodes }) => nodes.filter(({ host }) => host === 'id-a').map(({ num }) => num))).toEqual([
      [0],
      [1],
    ]);
  });
  it('joins two halves through the one that knows both', () => {
    const through = member('m', { self: 1, nodes: 3 });
    const left = member('l', { self: 0, nodes: 1 });
    const right: ClusterMember = {
      ...member('r', { self: 2 }),
      reading: { ...member('r', { self: 2 }).reading, peers: through.reading.peers.slice(2) },
    };
    expect(views([left, right, through]).map(({ nodes }) => nodes.map(({ name }) => name))).toEqual([['l', 'm', 'r']]);
  });
  it('is nothing for nobody', () => expect(views([])).toEqual([]));
});

describe('a cluster put together', () => {
  it('shows nodes that no host of the console corresponds to, by their own name', () => {
    const { view, node } = only([member('a', { self: 0, target: 2, away: 1 })]);
    expect(view.nodes.map(({ name, state, num }) => [name, state, num])).toEqual([
      ['a', 'live', 0],
      ['n1', 'unwatched', 1],
      ['n2', 'unwatched', 2],
    ]);
    expect(node('n2')).toMatchObject({ keeps: GiB, dependents: ['a'], address: '10.1.0.3:7777' });
  });
  it('has a target nobody lists, and a member without a number', () => {
    const { view } = only([member('a', { nodes: 1, target: 9, away: 1 })]);
    expect(view.nodes.map(({ id, name }) => [id, name])).toEqual([
      ['node 0', 'n0'],
      ['node 9', 'node 9'],
      ['host id-a', 'a'],
    ]);
    expect(view.flows.map(({ from, to }) => [from, to])).toEqual([['host id-a', 'node 9']]);
  });
  it('has flows both ways, with what moves', () => {
    const { view, node } = only([
      member('a', { self: 0, nodes: 2, target: 1, away: 3, foreign: 2, flow: { sent: 5, fetched: 1 } }),
      member('b', { self: 1, nodes: 2, target: 0, away: 2, foreign: 3 }),
    ]);
    expect(view.flows).toMatchObject([
      { from: 'node 0', to: 'node 1', bytes: 3 * GiB, sent: 5, fetched: 1 },
      { from: 'node 1', to: 'node 0', bytes: 2 * GiB },
    ]);
    expect([node('a').dependents, node('b').dependents]).toEqual([['b'], ['a']]);
  });
  it('has no flow for a member that is its own target, or has nothing away and sends nothing', () => {
    const idle = { sends: { persistent: false, ephemeral: false } };
    const { view } = only([
      member('a', { self: 0, target: 0, away: 1 }),
      member('b', { self: 1, target: 2, more: idle }),
    ]);
    expect(view.flows).toEqual([]);
  });
  it('keeps a flow whose switches are off while pages are still away', () => {
    const stranded = { sends: { persistent: false, ephemeral: false } };
    const { view } = only([member('a', { self: 0, target: 1, away: 1, more: stranded })]);
    expect(view.flows.length).toBe(1);
  });
  it('takes an amount that is no amount for unknown', () => {
    for (const away of [NaN, -1, Infinity])
      expect(only([member('a', { self: 0, target: 1, away })]).view.flows[0]).not.toHaveProperty('bytes');
  });
});

describe('a donor', () => {
  const client = (flow = {}, linked = true) => member('app', { self: 0, nodes: 2, target: 1, away: 4, linked, flow });

  it('is full when it refuses pages, or has no memory left', () => {
    const donor = (available: number) => member('donor', { self: 1, nodes: 2, foreign: 4, total: 64, available });
    expect(only([client({ failed: 3 }), donor(30)]).node('donor').full).toBe('refuses pages');
    expect(only([client(), donor(1)]).node('donor').full).toBe('has no memory left to lend');
    expect(only([client(), donor(30)]).node('donor')).not.toHaveProperty('full');
    expect(only([client(), member('donor', { self: 1, nodes: 2 })]).node('donor')).not.toHaveProperty('full');
  });
  it('is lost when whoever has pages there has no link, and then not called full', () => {
    const { node } = only(
      [client({ failed: 9 }, false), member('donor', { self: 1, nodes: 2, foreign: 4 })],
      ['id-donor'],
    );
    expect(node('donor')).toMatchObject({ state: 'lost', dependents: ['app'] });
    expect(node('donor')).not.toHaveProperty('full');
  });
  it('is only not heard when the console alone has lost it', () => {
    const { node } = only(
      [client(), member('donor', { self: 1, nodes: 2, foreign: 4, total: 64, available: 1 })],
      ['id-donor'],
    );
    expect(node('donor').state).toBe('silent');
    // Old figures say nothing about now.
    expect(node('donor')).not.toHaveProperty('full');
  });
  it('counts what its clients say is there, or what it says itself', () => {
    expect(only([client(), member('donor', { self: 1, nodes: 2, foreign: 9 })]).node('donor').keeps).toBe(4 * GiB);
    expect(only([member('donor', { self: 1, nodes: 2, foreign: 9 })]).node('donor').keeps).toBe(9 * GiB);
  });
});
