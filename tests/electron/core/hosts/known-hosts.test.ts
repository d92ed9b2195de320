import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkKey,
  fingerprintOf,
  hostLabel,
  keyTypeOf,
  knownHostsLine,
  parseKnownHosts,
  withoutHost,
} from '#core/hosts/known-hosts.ts';

/** A key in the wire's form: its type, then the fields, each with its length before it. */
function wireKey(type: string, ...fields: Buffer[]): Buffer {
  return Buffer.concat(
    [Buffer.from(type), ...fields].flatMap((field) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(field.length);
      return [length, field];
    }),
  );
}
const ed = (fill: number): Buffer => wireKey('ssh-ed25519', Buffer.alloc(32, fill));
const rsa = (fill: number): Buffer => wireKey('ssh-rsa', Buffer.from([1, 0, 1]), Buffer.alloc(257, fill));
const shown = (key: Buffer): string => `${keyTypeOf(key)} ${key.toString('base64')}`;

const check = (text: string, host: string, port: number, key: Buffer) =>
  checkKey([parseKnownHosts(text)], host, port, key);

describe('which lines speak of a host', () => {
  const cases: readonly [names: string, host: string, port: number, verdict: string][] = [
    ['host-07', 'host-07', 22, 'known'],
    ['Host-07', 'HOST-07', 22, 'known'],
    ['host-07', 'host-0', 22, 'unknown'],
    ['a,host-07,10.0.0.7', '10.0.0.7', 22, 'known'],
    ['*.example.org', 'db.example.org', 22, 'known'],
    ['*.example.org', 'example.org', 22, 'unknown'],
    ['db-?', 'db-7', 22, 'known'],
    ['db-?', 'db-', 22, 'unknown'],
    ['*.example.org,!bad.example.org', 'bad.example.org', 22, 'unknown'],
    ['!bad.example.org,*.example.org', 'good.example.org', 22, 'known'],
    ['!bad.example.org', 'good.example.org', 22, 'unknown'],
    ['[host-07]:2222', 'host-07', 2222, 'known'],
    ['[host-07]:2222', 'host-07', 22, 'unknown'],
    ['[host-07]:2222', 'host-07', 2223, 'unknown'],
    ['[*]:2222', 'host-07', 2222, 'known'],
    ['2001:db8::7', '2001:DB8::7', 22, 'known'],
    ['[2001:db8::7]:2222', '2001:db8::7', 2222, 'known'],
    // As ssh does: the very same key under the bare name is enough for a port of its own.
    ['host-07', 'host-07', 2222, 'known'],
  ];
  it.each(cases)('%s for %s port %i: %s', (names, host, port, verdict) => {
    expect(check(`${names} ${shown(ed(1))}\n`, host, port, ed(1)).verdict).toBe(verdict);
  });
});

describe('what is said of a key', () => {
  it('is changed when the same type is known with another value, and says where', () => {
    const text = `# ours\nhost-07 ${shown(ed(1))}\n`;
    expect(check(text, 'host-07', 22, ed(2))).toEqual({
      verdict: 'changed',
      file: 0,
      line: 2,
      types: ['ssh-ed25519'],
    });
  });

  it('is changed when only other types are known, as for ssh', () => {
    expect(check(`host-07 ${shown(rsa(1))}`, 'host-07', 22, ed(1))).toMatchObject({
      verdict: 'changed',
      types: ['ssh-rsa'],
    });
  });

  it('is known when one of several keys is the same', () => {
    const text = `host-07 ${shown(rsa(1))}\nhost-07 ${shown(ed(9))}\nhost-07 ${shown(ed(1))} root@host-07\n`;
    expect(check(text, 'host-07', 22, ed(1))).toEqual({
      verdict: 'known',
      file: 0,
      line: 3,
      types: ['ssh-rsa', 'ssh-ed25519'],
    });
  });

  it('is revoked even when it is known too, in another file', () => {
    const known = parseKnownHosts(`host-07 ${shown(ed(1))}\n`);
    const revoked = parseKnownHosts(`\n@revoked * ${shown(ed(1))}\n`);
    expect(checkKey([known, revoked], 'host-07', 22, ed(1))).toMatchObject({ verdict: 'revoked', file: 1, line: 2 });
    expect(checkKey([known, revoked], 'host-07', 22, ed(2)).verdict).toBe('changed');
  });

  it('is not changed by an accidental bare entry for another port', () => {
    expect(check(`host-07 ${shown(ed(1))}`, 'host-07', 2222, ed(2))).toEqual({ verdict: 'unknown', types: [] });
  });

  it('is unknown beside a certificate authority, with a sentence', () => {
    const verdict = check(`@cert-authority *.example.org ${shown(rsa(1))}`, 'db.example.org', 22, rsa(1));
    expect(verdict.verdict).toBe('unknown');
    expect(verdict.types).toEqual([]);
    expect(verdict.note).toMatch(/^Line 1 of known_hosts names a certificate authority/);
  });
});

describe('lines', () => {
  it('counts bad ones and reads the others, with CRLF, tabs and comments', () => {
    const cut = ed(1).subarray(0, 40).toString('base64');
    const text = [
      '# comment',
      '',
      '   \t',
      `\thost-a\t${shown(ed(1))}\tcomment here`,
      'host-b',
      'host-b ssh-ed25519',
      'host-b ssh-ed25519 not*base64',
      `host-b ssh-rsa ${ed(1).toString('base64')}`,
      `host-b ssh-ed25519 ${cut}`,
      `@strange host-b ${shown(ed(1))}`,
      `|1|short|short ${shown(ed(1))}`,
      'host-b 1024 35 1234567890',
      `host-c ${shown(ed(3))}`,
    ].join('\r\n');
    const known = parseKnownHosts(text);
    expect(known.bad).toBe(8);
    expect(known.entries.map(({ line }) => line)).toEqual([4, 13]);
  });

  it('writes names that could stand for more than themselves in hashed form', () => {
    for (const host of ['*', 'a,b', '!x', '#x', '@revoked', '|1|x', 'db-?']) {
      const line = knownHostsLine(host, 22, ed(1));
      expect(line).toMatch(/^\|1\|[A-Za-z0-9+/]{27}=\|[A-Za-z0-9+/]{27}= ssh-ed25519 /);
      expect(check(line, host, 22, ed(1)).verdict).toBe('known');
      expect(check(line, 'db-7', 22, ed(1)).verdict).toBe('unknown');
    }
    expect(knownHostsLine('Host-07', 2222, ed(1))).toBe(`[host-07]:2222 ${shown(ed(1))}\n`);
  });

  it('forgets one host and nothing else', () => {
    const rest = `# mine\r\n@revoked host-07 ${shown(ed(9))}\nnot a line\n[host-07]:2222 ${shown(ed(1))}\n`;
    const text = `${rest}host-07 ${shown(ed(1))}\n${knownHostsLine('host-07', 22, rsa(1))}`;
    expect(withoutHost(text, 'HOST-07', 22)).toBe(rest);
    expect(withoutHost(rest, 'host-08', 22)).toBe(rest);
  });

  it('names no type for bytes that are no key', () => {
    expect(
      ['', 'ab', '\0\0\0\x05a\nbcd', '\0\0\0\xffssh'].map((text) => keyTypeOf(Buffer.from(text, 'latin1'))),
    ).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
  });
});

describe('whatever is written', () => {
  const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6(), fc.stringMatching(/^[!-~]{1,20}$/));
  const port = fc.constantFrom(22, 2222, 65535);

  it('never throws', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('|1|', '@revoked ', '@cert-authority ', '*', '!', ',', ' ', '\t', '\r\n', '\n', shown(ed(1))),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), host, port, fc.uint8Array(), (pieces, name, number, bytes) => {
        const text = pieces.join('');
        const verdict = check(text, name, number, Buffer.from(bytes)).verdict;
        expect(['known', 'unknown', 'changed', 'revoked']).toContain(verdict);
        withoutHost(text, name, number);
        fingerprintOf(Buffer.from(bytes));
      }),
    );
  });

  it('knows a key it wrote, for that host only, and forgets it again', () => {
    fc.assert(
      fc.property(host, port, host, (name, number, other) => {
        const line = knownHostsLine(name, number, ed(1));
        expect(check(line, name, number, ed(1)).verdict).toBe('known');
        expect(check(line, name, number, ed(2)).verdict).toBe('changed');
        if (hostLabel(other, 22) !== hostLabel(name, number))
          expect(check(line, other, 22, ed(1)).verdict).toBe('unknown');
        expect(withoutHost(line, name, number)).toBe('');
      }),
    );
  });
});
