import { describe, expect, it } from 'vitest';
import { fleetVerdict } from '../../../../renderer/pages/fleet/fleet-verdict.ts';
import { verdictText } from '../../../../renderer/parts/verdict.ts';
import { GiB, hostView, states } from '../../../support/host-view.ts';

const says = (...hosts: Parameters<typeof fleetVerdict>[0]) => verdictText(fleetVerdict(hosts)).replace(/\u00a0/g, ' ');
const calm = {
  'memory.total': 128 * GiB,
  'saved.compressed': 12 * GiB,
  'saved.merged': GiB,
  'harm.psi-some': 0.2,
} as const;

describe('the fleet in one sentence', () => {
  it('adds up what is saved', () => {
    expect(says(hostView('a', { signals: calm }), hostView('b', { signals: calm }))).toBe(
      'Saves 26.0 of 256 GiB on 2 hosts; nobody waits for memory.',
    );
  });
  it('says when only some hosts tell what they save', () => {
    expect(says(hostView('a', { signals: calm }), hostView('b', { signals: { 'memory.total': 128 * GiB } }))).toBe(
      'Saves 13.0 of 256 GiB on 2 hosts, told by 1 of them; nobody waits for memory.',
    );
  });
  it('does not take unknown for nothing', () => {
    expect(says(hostView('a', { signals: { 'memory.total': 64 * GiB } }))).toBe(
      'Watching 64.0 GiB on 1 host; nothing tells what is saved; pressure unknown.',
    );
  });
  it('says so when it costs more than it saves', () => {
    expect(says(hostView('a', { signals: { ...calm, 'saved.compressed': 0, 'saved.merged': -GiB } }))).toMatch(
      /^Costs 1.00 GiB more than it saves on 1 host;/,
    );
  });
  it('names the host where memory is shortest, and where the kernel kills', () => {
    expect(
      says(
        hostView('a', { signals: calm }),
        hostView('b', { signals: { ...calm, 'harm.psi-some': 23, 'harm.oom-kills': 0.2 } }),
      ),
    ).toBe(
      'Saves 26.0 of 256 GiB on 2 hosts; memory is short on b (23 %); the kernel is killing processes for memory on b.',
    );
  });
  it('counts what waits for a person and links the first', () => {
    const verdict = fleetVerdict([
      hostView('a', { signals: calm }),
      hostView('b', { state: states['changed-key'] }),
      hostView('c', { state: states.refused }),
      hostView('d', { state: states['unknown-key'] }),
      hostView('e', { state: states['needs-secret'] }),
      hostView('f', { state: states.waiting }),
    ]);
    expect(verdictText(verdict)).toContain(
      'b shows another key than before; c refuses the login; d and 1 more wait for an answer; f is out of reach.',
    );
    expect(verdict.find(({ words }) => words === 'c')).toEqual({
      words: 'c',
      to: { name: 'host', params: { host: 'id-c' } },
      tone: 'bad',
    });
  });
  it('speaks before there is any figure', () => {
    expect(says(hostView('a', { state: states.connecting }))).toBe('Waiting for the first figures of 1 host.');
    expect(says(hostView('a', { state: states.off }))).toBe('No host is connected.');
  });
  it('leaves figures of hosts that are not live out of the sum', () => {
    expect(says(hostView('a', { signals: calm }), hostView('b', { signals: calm, state: states.stale }))).toBe(
      'Saves 13.0 of 128 GiB on 1 host; nobody waits for memory; b is out of reach.',
    );
  });
});
