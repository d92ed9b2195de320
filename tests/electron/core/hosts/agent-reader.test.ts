/** The reader of the agent's bytes: any cutting into pieces gives the same, and nothing makes it throw. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAgentReader, readerLimits } from '#core/hosts/agent-reader.ts';
import { createByteStore } from '#core/hosts/byte-store.ts';

const nonce = '0123456789abcdef';

function readAll(pieces: readonly Buffer[], limits = readerLimits) {
  const told: unknown[] = [];
  const reader = createAgentReader(
    'host',
    nonce,
    {
      ready: (version, facts) => told.push(['ready', version, Object.fromEntries(facts)]),
      answer: (id, end) => told.push(['answer', id, end]),
      broken: ({ code }) => told.push(['broken', code]),
    },
    limits,
  );
  for (const piece of pieces) reader.push(piece);
  return told;
}

const cut = (bytes: Buffer, at: readonly number[]): Buffer[] => {
  const places = [0, ...at.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return places.slice(1).map((to, index) => bytes.subarray(places[index], to));
};

const stream = Buffer.from(
  [
    `motd äöü =hello 1 nothing`,
    `no newline here=hello 1 ${nonce}`,
    '=fact kernel 6.1 x',
    '=fact empty ',
    `=ready ${nonce}`,
    '=begin 1',
    '/proc/uptime:1 2',
    'grep: /sys/x: No such file or directory',
    '/x:ünïcode =end 1 ok',
    '=end 1 ok',
    '=begin 2',
    '=end 2 refused no such set',
    '=begin 3',
    '$ virsh list',
    '> ',
    '> one',
    '$? 0',
    '=end 3 ok',
    '=begin 4',
    'stray',
    '=end 4 ok',
    '',
  ].join('\n'),
);

const expected = [
  ['ready', 1, { kernel: '6.1 x', empty: '' }],
  [
    'answer',
    1,
    {
      outcome: 'ok',
      text: '/proc/uptime:1 2\ngrep: /sys/x: No such file or directory\n/x:ünïcode =end 1 ok',
    },
  ],
  ['answer', 2, { outcome: 'refused', words: 'no such set' }],
  ['answer', 3, { outcome: 'ok', text: '$ virsh list\n> \n> one\n$? 0' }],
  ['answer', 4, { outcome: 'garbled', words: 'stray' }],
];

describe('agent reader', () => {
  it('reads a whole stream', () => expect(readAll([stream])).toEqual(expected));

  it('reads it byte by byte', () => {
    expect(readAll(Array.from(stream, (_, at) => stream.subarray(at, at + 1)))).toEqual(expected);
  });

  it('reads the same however it is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 20 }), (at) => {
        expect(readAll(cut(stream, at))).toEqual(expected);
      }),
    );
  });

  it('never throws, and tells nothing more once it is broken', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc
        .constantFrom(
          `=hello 1 ${nonce}\n`,
          `=ready ${nonce}\n`,
          '=begin 1\n',
          '=end 1 ok\n',
          '/a:b\n',
          '\n',
          '=fact a b\n',
          '=',
        )
        .map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const told = readAll(pieces, { noise: 500, line: 100, answer: 300 }) as [string][];
        const broken = told.findIndex(([what]) => what === 'broken');
        expect(broken === -1 || broken === told.length - 1).toBe(true);
      }),
    );
  });

  it.each([
    ['a line', `/${'x'.repeat(40)}`],
    ['an answer', '=begin 1\n/01234\n/56789\n'],
  ])('stops at %s that is too long', (_what, text) => {
    const start = `=hello 1 ${nonce}\n=ready ${nonce}\n`;
    const told = readAll([Buffer.from(start), Buffer.from(text)], { noise: 500, line: 30, answer: 10 });
    expect(told).toEqual([
      ['ready', 1, {}],
      ['broken', 'agent-too-much'],
    ]);
  });

  it('tells what start-up files printed, without control characters', () => {
    const reader = createAgentReader('host', nonce, {
      ready: () => undefined,
      answer: () => undefined,
      broken: () => undefined,
    });
    reader.push(Buffer.from('\x1b[31mwelcome\x07 to <b>\n'));
    expect(reader.noise()).toBe('[31mwelcome  to <b>');
  });
});

describe('byte store', () => {
  it('gives back what was added, whatever the pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 9000 }), { maxLength: 8 }), (pieces) => {
        const store = createByteStore();
        for (const piece of pieces) store.add(Buffer.from(piece), 0, piece.length);
        const whole = Buffer.concat(pieces);
        expect(store.length).toBe(whole.length);
        expect(Buffer.from(store.takeBytes())).toEqual(whole);
        expect(store.length).toBe(0);
      }),
    );
  });
});
