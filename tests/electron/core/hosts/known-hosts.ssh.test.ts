/** The same questions put to ssh-keygen itself. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkKey, fingerprintOf, keyTypeOf, parseKnownHosts, withoutHost } from '#core/hosts/known-hosts.ts';

let folder = '';
const keys: Record<string, Buffer> = {};
const types = ['ed25519', 'rsa', 'ecdsa'];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'known-hosts-'));
  for (const type of types) {
    const file = join(folder, type);
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', 'test', '-f', file]);
    keys[type] = Buffer.from(readFileSync(`${file}.pub`, 'utf8').split(' ')[1] ?? '', 'base64');
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const key = (type: string): Buffer => keys[type] ?? Buffer.alloc(0);

/** Lines of known_hosts that ssh-keygen finds for a name, counted from 1. */
function foundBySshKeygen(file: string, label: string): number[] {
  const { stdout } = spawnSync('ssh-keygen', ['-F', label, '-f', file], { encoding: 'utf8' });
  return [...stdout.matchAll(/found: line (\d+)/g)].map(([, line]) => Number(line));
}

/** Lines that our matcher finds: each alone in a file of its own place. */
const foundByUs = (text: string, host: string, port: number): number[] =>
  text.split('\n').flatMap((line, index) => {
    const [entry] = parseKnownHosts(line).entries;
    if (entry === undefined) return [];
    const plain = { ...entry, marker: 'none' as const };
    const verdict = checkKey([{ entries: [plain], bad: 0 }], host, port, entry.key);
    // The bare name also answers for other ports when the key is the same; ssh-keygen is asked for the label alone.
    const exact = checkKey([{ entries: [plain], bad: 0 }], host, port, Buffer.alloc(0)).verdict === 'changed';
    return verdict.verdict === 'known' && exact ? [index + 1] : [];
  });

describe('beside ssh-keygen', () => {
  const questions: readonly [host: string, port: number, label: string][] = [
    ['host-07', 22, 'host-07'],
    ['host-07', 2222, '[host-07]:2222'],
    ['db.example.org', 22, 'db.example.org'],
    ['bad.example.org', 22, 'bad.example.org'],
    ['10.0.0.7', 22, '10.0.0.7'],
    ['10.0.0.8', 22, '10.0.0.8'],
    ['2001:db8::7', 22, '2001:db8::7'],
    ['nowhere', 22, 'nowhere'],
  ];

  const text = (): string => {
    const line = (type: string): string => `${keyTypeOf(key(type))} ${key(type).toString('base64')}`;
    return [
      '# a comment',
      `host-07,10.0.0.7 ${line('ed25519')} root@host-07`,
      `[host-07]:2222 ${line('rsa')}`,
      `*.example.org,!bad.example.org ${line('ecdsa')}`,
      `@revoked *.example.org ${line('rsa')}`,
      `@cert-authority 10.0.0.? ${line('ed25519')}`,
      `HOST-07 ${line('rsa')}`,
      '',
      `2001:db8::7\t${line('ed25519')}`,
    ].join('\n');
  };

  it('finds the same lines (-F)', () => {
    const file = join(folder, 'plain');
    writeFileSync(file, `${text()}\n`);
    for (const [host, port, label] of questions)
      expect([label, foundByUs(text(), host, port)]).toEqual([label, foundBySshKeygen(file, label)]);
  });

  it('finds the same lines when the names are hashed (-H)', () => {
    const file = join(folder, 'hashed');
    writeFileSync(file, `${text()}\n`);
    execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' });
    const hashed = readFileSync(file, 'utf8').trimEnd();
    expect(hashed).toContain('|1|');
    expect(hashed).not.toContain('host-07,');
    for (const [host, port, label] of questions)
      expect([label, foundByUs(hashed, host, port)]).toEqual([label, foundBySshKeygen(file, label)]);
    expect(checkKey([parseKnownHosts(hashed)], 'host-07', 22, key('ed25519')).verdict).toBe('known');
  });

  it.each(types)('prints the same fingerprint and type (-l): %s', (type) => {
    const printed = execFileSync('ssh-keygen', ['-l', '-E', 'sha256', '-f', join(folder, `${type}.pub`)], {
      encoding: 'utf8',
    });
    expect(printed.split(' ')[1]).toBe(fingerprintOf(key(type)));
    expect(readFileSync(join(folder, `${type}.pub`), 'utf8').split(' ')[0]).toBe(keyTypeOf(key(type)));
  });

  it('forgets the same lines (-R)', () => {
    for (const [host, port, label] of questions) {
      const file = join(folder, 'forget');
      writeFileSync(file, `${text()}\n`);
      spawnSync('ssh-keygen', ['-R', label, '-f', file]);
      expect([label, withoutHost(`${text()}\n`, host, port)]).toEqual([label, readFileSync(file, 'utf8')]);
    }
  });
});
