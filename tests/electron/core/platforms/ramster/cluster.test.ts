/** Links, roles and warnings of a member, on synthetic states of a pair. */
import { describe, expect, test } from 'vitest';
import { linksShown, logShown } from '#core/platforms/ramster/commands.ts';
import { reading, recorded } from './captures.ts';
import { syntheticConfigNode, syntheticEvidence, syntheticLink, syntheticNode } from './synthetic.ts';
import type { Texts } from './synthetic.ts';

const mm = '/sys/kernel/mm/ramster';
const debug = '/sys/kernel/debug/ramster';
const of = (changes: Texts = {}, commands: Texts = {}) =>
  reading(syntheticEvidence({ ...syntheticNode, ...changes }, commands));
const linked: Texts = { [linksShown]: syntheticLink };

describe('the witness of a link', () => {
  test('a connection on the port, by /proc/net/tcp', () => {
    expect(of({}, linked).cluster).toMatchObject({ linked: true });
    expect(of({}, linked).cluster?.linkedBecause).toMatch(/^\/proc\/net\/tcp has an established connection with a /);
  });
  test('another host on the same port is none', () => {
    expect(of({}, { [linksShown]: syntheticLink.replace('0100000A', '0900000A') }).cluster).toMatchObject({
      linked: false,
    });
  });
  test('a connection that is closing is none', () => {
    expect(of({}, { [linksShown]: syntheticLink.replace(' 01 ', ' 04 ') }).cluster).toMatchObject({ linked: false });
  });
  test('no line from our own command is an answer; from nobody it is none', () => {
    expect(of({}, { [linksShown]: '' }).cluster).toMatchObject({ linked: false });
    expect(of().cluster?.linked).toBeUndefined();
    expect(of().cluster?.linkedBecause).toContain('Nothing tells');
  });
  test('the last word of the log, where no connections were read', () => {
    const came = 'ramster: Accepted connection from node a (num 0) at 10.0.0.1:7777';
    const went = 'ramster: No longer connected to node a (num 0) at 10.0.0.1:7777';
    expect(of({}, { [logShown]: came }).cluster).toMatchObject({ linked: true });
    expect(of({}, { [logShown]: `${came}\n${went}` }).cluster).toMatchObject({ linked: false });
    expect(of({}, { [logShown]: `${went}\n${came}` }).cluster).toMatchObject({ linked: true });
  });
  test('real: a pair whose second node came too late', () => {
    for (const name of ['node0-linkfail', 'node1-linkfail']) {
      const read = reading(recorded(name));
      expect(read.cluster, name).toMatchObject({ linked: false, role: 'none' });
      expect(read.warnings, name).toContain('make them anew with unused numbers');
    }
  });
});

describe('roles', () => {
  const sends = { [`${mm}/remote_target_nodenum`]: '0', [`${mm}/pers_remotify_enable`]: '1' };
  test.each([
    ['none', {}],
    ['none', { [`${mm}/remote_target_nodenum`]: '0' }],
    ['client', sends],
    ['donor', { [`${debug}/foreign_pers_pages`]: '5' }],
    ['both', { ...sends, [`${debug}/foreign_pers_pages`]: '5' }],
  ])('%s', (role, changes) => {
    expect(of(changes, linked).cluster).toMatchObject({ role });
  });
  test('any number but 0 switches sending on', () => {
    expect(of({ [`${mm}/eph_remotify_enable`]: '18446744073709551615' }).cluster?.sends.ephemeral).toBe(true);
    expect(of({ [`${mm}/eph_remotify_enable`]: '7' }).cluster?.sends.ephemeral).toBe(true);
  });
});

describe('warnings', () => {
  const sent = {
    [`${mm}/remote_target_nodenum`]: '0',
    [`${mm}/pers_remotify_enable`]: '1',
    [`${debug}/pers_pages_remoted`]: '900',
    [`${debug}/remote_pers_pages_succ_get`]: '100',
  };

  test('at rest there is none', () => {
    expect(of({}, linked).warnings).toBe('');
  });
  test('one copy, on one node', () => {
    expect(of(sent, linked).warnings).toContain('up to 800, are kept on node 0 alone');
  });
  test('both switches off with pages away: stranded', () => {
    const off = of({ ...sent, [`${mm}/pers_remotify_enable`]: '0' }, linked);
    expect(off.warnings).toContain('Both remotify switches are off, and up to 800 pages are still on node 0');
    expect(of(sent, linked).warnings).not.toContain('Both remotify');
    expect(reading(recorded('node0-ramster-paused')).warnings).toContain('up to 2821 pages are still on node 1');
  });
  test('a target that is not linked', () => {
    const target = { [`${mm}/remote_target_nodenum`]: '0' };
    expect(of(target, { [linksShown]: '' }).warnings).toContain('Node 0 is the target and is not linked');
    expect(of(target, linked).warnings).not.toContain('not linked');
  });
  test('sending without a target, and to itself', () => {
    expect(of({ [`${mm}/pers_remotify_enable`]: '1' }, linked).warnings).toContain('no target is set');
    expect(of({ [`${mm}/remote_target_nodenum`]: '1' }, linked).warnings).toContain('this node itself');
  });
  test('the first page of an unpatched 3.10', () => {
    const target = { [`${mm}/remote_target_nodenum`]: '0' };
    expect(of(target, linked).warnings).toContain('be sure that a runs a kernel with the fix');
    const waits = { ...target, [`${mm}/pers_remotify_enable`]: '1' };
    expect(of(waits, linked).warnings).toContain('not one has arrived on a');
    // The worker first runs a minute after boot.
    expect(of({ ...waits, '/proc/uptime': '40.00 1.00' }, linked).warnings).not.toContain('not one has arrived');
    expect(of(sent, linked).warnings).not.toContain('crashes');
  });
  test('a number that reads 0 before it is set is no node', () => {
    const read = of(syntheticConfigNode('c', '0', '0.0.0.0', '0', '0'), linked);
    expect(read.cluster?.peers.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(read.warnings).toContain('c is not configured yet: its number reads 0 before it is set');
  });
  test('no node is this host', () => {
    expect(of(syntheticConfigNode('b', '1', '10.0.0.2', '7777', '0'), linked).warnings).toContain('(local)');
  });
  test('a number raised before its node', () => {
    expect(of({ [`${mm}/manual_node_up`]: '0 1 5 ' }, linked).warnings).toContain('5 in manual_node_up is no node');
  });
  test('a long idle timeout', () => {
    const slow = { '/sys/kernel/config/cluster/c1/idle_timeout_ms': '1000000' };
    expect(of(slow, linked).warnings).toContain('only after 1000 s');
  });
  test('pages that did not come back', () => {
    expect(of({ [`${debug}/remote_pers_pages_unsucc_get`]: '3' }, linked).warnings).toContain(
      '3 swapped pages were asked for',
    );
  });
});
