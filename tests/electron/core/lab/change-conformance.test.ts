/**
 * The lab's agent changes a host as agent.sh does: the same requests, on real files under a real shell and on a machine
 * that mirrors them, get the same answers line by line, and leave the same values.
 */
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeText } from '#core/platforms/change-text.ts';
import { step } from '../../../support/change-lab.ts';
import { at, group, knobs, startPair } from '../../../support/change-pair.ts';
import type { Event, Pair } from '../../../support/change-pair.ts';

const enabled = at('sys/enabled');
const percent = at('sys/percent');
// The folder's own name may hold a 3 too.
const keptAs = encodeText(group(3).replace('\\x2d3\\x2d', '\\x2d*\\x2d'));

const begun: readonly Event[] = [
  'begin p',
  step('p', 't.enabled', enabled, 'N', 'Y'),
  step('p', 't.percent', percent, '20', '25'),
  step('p', 't.weight', 'db', '0', '500'),
];
const transcripts: Readonly<Record<string, readonly Event[]>> = {
  'what is so': [
    ...knobs.flatMap(({ name, kind }) =>
      (kind === 'file'
        ? [enabled, group(3), group(4), at('sys/advisor'), at('sys/table'), at('sys/kick')]
        : ['db', 'gone', '../db', '-x', 'a b', '.db']
      ).map((instance) => `get ${name} ${encodeText(instance)}`),
    ),
    `get t.high ${encodeText(at('groups/../sys/enabled'))}`,
    `get t.high ${keptAs}`,
    `get t.enabled ${encodeText(`${enabled}\n`)}`,
    'get t.enabled +101',
    'get t.enabled +',
    'get t.nothing +101',
    'get t.nothing db',
    'get t.enabled',
    'get',
    'drift',
    'drift x',
    'plans',
    'status p',
    'status ..',
  ],
  kept: [
    ...begun,
    'status p',
    'arm p 60',
    'write p 1',
    'write p 2',
    'write p 3',
    'status p',
    'plans',
    'keep p',
    'status p',
    'undo p',
    'keep p',
    'extend p 5',
    'write p 3',
    'drift',
    'forget p',
    'status p',
    'forget p',
  ],
  undone: [
    ...begun,
    'arm p 60',
    'write p 1',
    'write p 2',
    'undo p',
    'undo p',
    'keep p',
    'begin p',
    'forget p',
    'begin p',
    'undo p',
  ],
  'with a value that somebody changed': [
    ...begun,
    'arm p 60',
    'write p 1',
    [percent, '7\n'],
    'write p 2',
    'write p 3',
    [enabled, 'N\n'],
    [at('tool/db'), '9\n'],
    'undo p',
  ],
  'with a guest that went away': [
    'begin p',
    step('p', 't.high', group(3), 'max', '8192'),
    step('p', 't.high', group(7), '4096', '8192'),
    'arm p 60',
    'write p 1',
    [group(3)],
    [group(7)],
    'write p 2',
    'undo p',
  ],
  'with tools that do not do it': [
    'begin p',
    step('p', 't.deaf', 'db', '0', '5'),
    step('p', 't.no', 'db', '0', '5'),
    step('p', 't.weight', 'web', 'partial', '5'),
    step('p', 't.balloon', 'db', '77', '5'),
    step('p', 't.kick', at('sys/kick'), 'unknown', 'now'),
    'arm p 60',
    'write p 1',
    'write p 2',
    'write p 3',
    'write p 4',
    'write p 5',
    'status p',
    'undo p',
  ],
  'the same knob twice': [
    'begin p',
    step('p', 't.enabled', enabled, 'N', 'Y'),
    step('p', 't.enabled', enabled, 'N', 'Y'),
    step('p', 't.enabled', enabled, 'Y', 'N'),
    'arm p 60',
    'write p 1',
    'write p 2',
    'undo p',
  ],
  'steps that are not taken': [
    step('p', 't.enabled', enabled, 'N', 'Y'),
    'begin p',
    'begin p',
    'begin q',
    'begin ..',
    'begin -x',
    'begin',
    'begin p q',
    step('q', 't.enabled', enabled, 'N', 'Y'),
    step('p', 't.enabled', enabled, 'Y', 'N'),
    step('p', 't.enabled', enabled, 'unknown', 'Y'),
    step('p', 't.enabled', enabled, 'N', 'y'),
    step('p', 't.enabled', enabled, 'N', ''),
    step('p', 't.enabled', enabled, '', 'Y'),
    step('p', 't.enabled', enabled, 'x', 'Y'),
    step('p', 't.enabled', percent, 'N', 'Y'),
    step('p', 't.absent', 'db', '0', '1'),
    step('p', 't.table', at('sys/table'), 'a', 'b'),
    step('p', 't.nothing', 'db', '0', '1'),
    step('p', 't.weight', 'gone', '0', '1'),
    step('p', 't.weight', 'web', 'partial', 'partial'),
    ...['-1', '101', '007', '1.5', '1e3', '25;id', '25\n', ' 25', '9007199254740993'].map((to) =>
      step('p', 't.percent', percent, '20', to),
    ),
    ...['max', 'MAX', '1G', '9007199254740991', '9007199254740992', '-'].map((to) =>
      step('p', 't.high', group(3), 'max', to),
    ),
    ...[
      'maybe',
      'as.',
      'as',
      'as.+101',
      `as.${encodeText(group(7))}`,
      `as.${encodeText(at('groups/*/memory.high'))}`,
      'drop.x',
      `drop.${keptAs}`,
      `as.${keptAs}`,
    ].map((keep) => step('p', 't.high', group(3), 'max', '1', keep)),
    ...['as.db', 'as.web', 'as.d+052', 'drop.db'].map((keep) => step('p', 't.weight', 'db', '0', '1', keep)),
    'step p t.enabled',
    ...['0', '-1', '01', '99999', '100000', 'x', '1.5'].map((seconds) => `arm p ${seconds}`),
    step('p', 't.enabled', enabled, 'N', 'Y'),
    'arm p 60',
    ...['0', '100000'].map((seconds) => `extend p ${seconds}`),
    ...['0', 'x', '2', '01'].map((number) => `write p ${number}`),
    'extend q 5',
    'write q 1',
    'keep q',
    'undo q',
    'forget p',
    'accept',
    'undo p',
  ],
  'what is written down': [
    'begin p',
    step('p', 't.high', group(3), 'max', '8192', `as.${keptAs}`),
    step('p', 't.weight', 'db', '0', '5', 'as.db'),
    step('p', 't.enabled', enabled, 'N', 'Y', `as.${encodeText(enabled)}`),
    'arm p 60',
    'write p 1',
    'write p 2',
    'keep p',
    'drift',
    [at('tool/db'), '6\n'],
    'drift',
    'accept',
    'drift',
    [at('tool/db'), 'partial\n'],
    'accept',
    'drift',
    [group(3)],
    'drift',
    [group(7)],
    'drift',
    'accept',
    'drift',
    'begin q',
    step('q', 't.weight', 'db', 'partial', '7', 'drop.db'),
    'arm q 60',
    'write q 1',
    'keep q',
    'drift',
  ],
  'no requests at all': [
    'accept x',
    'install2',
    'keep',
    'plans p',
    'frobnicate',
    'get  t.enabled',
    'read x',
    'write p 1 2',
  ],
};

describe('agent.sh and the lab’s agent', () => {
  let pair: Pair;
  beforeEach(async () => {
    pair = await startPair();
  });
  afterEach(() => pair.close());

  it.each(Object.entries(transcripts))('answer alike: %s', async (_, events) => {
    const { real, double } = await pair.play(events);
    expect(double).toEqual(real);
    const after = pair.left();
    expect(after.double).toEqual(after.real);
  });
});

describe('agent.sh and the lab’s agent, at random', () => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await startPair();
  });
  afterAll(() => pair.close());

  it('answer alike, and leave the same', async () => {
    const plan = fc.constantFrom('p', 'q');
    const target = fc.constantFrom(
      ['t.enabled', enabled, ['Y', 'N', 'x']] as const,
      ['t.percent', percent, ['20', '25', '101']] as const,
      ['t.high', group(3), ['max', '8192']] as const,
      ['t.weight', 'db', ['0', '5', 'partial']] as const,
      ['t.deaf', 'db', ['0', '5']] as const,
    );
    const told = fc
      .tuple(plan, target, fc.nat(2), fc.nat(2), fc.boolean())
      .map(([name, [knob, instance, values], from, to, keep]) =>
        step(
          name,
          knob,
          instance,
          values[from] ?? 'unknown',
          values[to] ?? '',
          keep ? `as.${encodeText(instance)}` : '-',
        ),
      );
    const event: fc.Arbitrary<Event> = fc.oneof(
      { weight: 3, arbitrary: told },
      { weight: 2, arbitrary: fc.tuple(plan, fc.integer({ min: 1, max: 3 })).map(([name, n]) => `write ${name} ${n}`) },
      plan.map((name) => `begin ${name}`),
      plan.map((name) => `arm ${name} 600`),
      fc.tuple(fc.constantFrom('keep', 'undo', 'forget', 'status'), plan).map((words) => words.join(' ')),
      fc.constantFrom('drift', 'accept', 'plans'),
      fc.tuple(fc.constantFrom(at('tool/db'), percent), fc.constantFrom('0\n', '5\n', '9\n')),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 5, maxLength: 25 }), async (events) => {
        const { real, double } = await pair.play([
          'begin p',
          ...events,
          'undo p',
          'undo q',
          'forget p',
          'forget q',
          'drift',
        ]);
        expect(double).toEqual(real);
        const after = pair.left();
        expect(after.double).toEqual(after.real);
        pair.reset();
      }),
      { numRuns: 15, seed: 11 },
    );
  });
});
