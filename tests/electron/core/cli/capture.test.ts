import { describe, expect, it } from 'vitest';
import { parsedTarget } from '#core/cli/capture-host.ts';
import { inspection } from '#core/cli/inspection.ts';
import { recordingOf } from '#core/cli/recording.ts';
import { platforms } from '#core/platforms/index.ts';
import { ScriptedLink } from '../../../support/scripted-link.ts';
import { TestClock } from '../../../support/test-clock.ts';

describe('the host of a capture', () => {
  it.each([
    ['host-07', { user: 'me', address: 'host-07', port: 22 }],
    ['admin@10.0.0.7', { user: 'admin', address: '10.0.0.7', port: 22 }],
    ['admin@10.0.0.7:2222', { user: 'admin', address: '10.0.0.7', port: 2222 }],
    ['root@[fe80::1]:22', { user: 'root', address: 'fe80::1', port: 22 }],
  ])('%s', (target, parts) => expect(parsedTarget(target, 'me')).toMatchObject(parts));

  it.each(['-oProxyCommand=x', 'a b', 'user@', '', 'host-07:0', 'host-07:65536'])('refuses %j', (target) => {
    expect(() => parsedTarget(target, 'me')).toThrow('not [USER@]ADDRESS');
  });
});

describe('a recording', () => {
  it('is read by inspect as the host was read', async () => {
    const link = new ScriptedLink('h', new TestClock(), {
      'mainline.host':
        '/proc/uptime:10.00 1.00\n/proc/meminfo:MemTotal:  1000 kB\ngrep: /sys/kernel/debug/zswap/stored_pages: Permission denied',
    });
    const text = await recordingOf(link, platforms, new Date('2026-11-24T05:00:00Z'));
    expect(text.startsWith('# taken 2026-11-24T05:00:00.000Z\n')).toBe(true);
    const seen = JSON.stringify(inspection(text, platforms));
    expect(seen).toContain(
      '"metric":"meminfo.MemTotal","instance":"","value":1024000,"unit":"bytes","source":"/proc/meminfo","line":11',
    );
    expect(seen).toContain(
      '{"path":"/sys/kernel/debug/zswap/stored_pages","why":"refused","words":"Permission denied"}',
    );
    expect(seen).toContain('"machine":"h"');
  });
});
