/** The newest texts of a host: what replaces what, and when each was read by the host's own clock. */
import { describe, expect, it } from 'vitest';
import { HostEvidence } from '#core/collect/evidence.ts';
import { epochMs } from '#shared/units.ts';

const answer = (at: number, text: string) => ({ at: epochMs(at), text });

describe('the host’s clock', () => {
  it('does not move for a reading that stands, whichever answer of its packet is replaced', () => {
    for (const order of [
      ['fast', 'slow'],
      ['slow', 'fast'],
    ]) {
      const evidence = new HostEvidence(4096);
      order.forEach((set, index) =>
        evidence.take(set, answer(1000, `/proc/uptime:${100 + index / 100} 1\n/proc/${set}:1`), false),
      );
      const before = evidence.uptimeAt(1000);
      evidence.take('fast', answer(6000, '/proc/uptime:105 1\n/proc/fast:2'), false);
      expect(evidence.view().files.get('/proc/slow')?.at).toBe(1000);
      expect(evidence.uptimeAt(1000)).toBe(before);
      expect(evidence.uptimeAt(6000)).toBe(105);
    }
  });

  it('is that of the sets of its packet for a command, whichever came first', () => {
    for (const commandFirst of [true, false]) {
      const evidence = new HostEvidence(4096);
      evidence.take('set', answer(1000, '/proc/uptime:100 1\n/proc/a:1'), false);
      const set = () => evidence.take('set', answer(6000, '/proc/uptime:105 1\n/proc/a:2'), false);
      const command = () => evidence.take('guests', answer(6000, '$ virsh list\n> one\n$? 0'), false);
      for (const take of commandFirst ? [command, set] : [set, command]) take();
      expect(evidence.uptimeAt(6000)).toBe(105);
    }
  });

  it('is the latest known for a moment at which nothing stands', () => {
    const evidence = new HostEvidence(4096);
    evidence.take('set', answer(1000, '/proc/uptime:100 1\n/proc/a:1'), false);
    evidence.take('set', answer(6000, '/proc/uptime:105 1\n/proc/a:2'), false);
    expect(evidence.uptimeAt(1000)).toBe(105);
  });
});
