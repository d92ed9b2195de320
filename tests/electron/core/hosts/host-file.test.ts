import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHostFile } from '#core/hosts/host-file.ts';
import { hostDraft } from '#shared/contract/schemas.ts';
import { problemOf, type Problem } from '#shared/problem.ts';

const least = { address: '10.0.0.7', user: 'root' };
const parse = (value: unknown) => parseHostFile(JSON.stringify(value));

function refusal(value: unknown): Problem {
  try {
    parseHostFile(typeof value === 'string' ? value : JSON.stringify(value));
  } catch (error) {
    const found = problemOf(error);
    if (found !== undefined) return found;
    throw error;
  }
  throw new Error('it was taken');
}

describe('a host file', () => {
  it('may leave out what is usual', () => {
    const jump = { address: 'bastion', user: 'me' };
    expect(parse([{ ...least, jumps: [jump] }])).toEqual([
      {
        name: '10.0.0.7',
        address: '10.0.0.7',
        port: 22,
        user: 'root',
        login: { method: 'agent' },
        group: '',
        tags: [],
        jumps: [{ ...jump, port: 22, login: { method: 'agent' } }],
        agent: 'pushed',
        sudo: 'when-allowed',
        guestGroups: [],
        connect: true,
      },
    ]);
  });

  it('may be the inventory itself, with ids and a version', () => {
    const [one] = parse({ version: 1, hosts: [{ ...least, id: 'h1', name: 'db' }] });
    expect(one).toMatchObject({ id: 'h1', name: 'db' });
    expect(parse({ hosts: [] })).toEqual([]);
    expect(parseHostFile('\uFEFF[]')).toEqual([]);
  });

  it.each<[string, unknown, RegExp]>([
    ['a bad port', [least, { ...least, name: 'db-07', port: '22' }], /host 2 \(db-07\), field "port": /],
    ['a nested field', [{ ...least, jumps: [{ address: 'a b', user: 'x' }] }], /field "jumps.0.address": /],
    ['a field that is not known', [{ ...least, prot: 22 }], /host 1 \(10\.0\.0\.7\): .*prot/],
    ['a secret', [{ ...least, password: 'x' }], /field "password": secrets do not belong/],
    ['a missing address', [{ user: 'root', name: 'db' }], /host 1 \(db\), field "address"/],
    ['something that is no host', [7], /host 1 is not an object/],
    ['twice the same name', [least, { ...least, port: 23 }], /host 2 .*field "name": host 1 has the same/],
    ['a later version', { version: 2, hosts: [] }, /"version" is not 1/],
    ['no list', { host: [] }, /neither a list of hosts/],
    ['no JSON', '[{', /it is not JSON/],
    ['a bad id', [{ ...least, id: 7 }], /field "id"/],
  ])('is refused for %s, naming host and field', (_, value, sentence) => {
    expect(refusal(value)).toMatchObject({ code: 'malformed-request', sentence: expect.stringMatching(sentence) });
  });

  it('never repeats a secret', () => {
    expect(JSON.stringify(refusal([{ ...least, password: 'hunter2' }]))).not.toContain('hunter2');
  });

  it('is taken whole or refused with a problem, whatever it holds', () => {
    const value = fc.oneof(fc.jsonValue(), fc.array(fc.record({ address: fc.jsonValue(), user: fc.jsonValue() })));
    fc.assert(
      fc.property(value, (any) => {
        try {
          for (const { id, ...draft } of parse(any))
            expect([typeof id, hostDraft.safeParse(draft).success]).toEqual(['undefined', true]);
        } catch (error) {
          expect(problemOf(error)?.code).toBe('malformed-request');
        }
      }),
    );
  });
});
