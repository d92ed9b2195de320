/** What is let through is one harmless line in the shape that was promised; everything else gets a sentence. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  instanceProblem,
  isPathOf,
  keptAsProblem,
  knobInstanceProblem,
  valueProblem,
} from '#core/platforms/change-check.ts';
import type { CommandKnob, FileKnob, InstanceShape, ValueShape } from '#core/platforms/change.ts';

const number: ValueShape = { kind: 'number', min: 0, max: 100 };
const choice: ValueShape = { kind: 'choice', choices: ['Y', 'N'] };
const limit: ValueShape = { kind: 'limit' };
const word: ValueShape = { kind: 'word' };
const parts: ValueShape = { kind: 'parts', parts: 3, also: ['none'] };
const shapes = { number, choice, limit, word, parts };

/** What people type, what attackers type, and noise. */
const typed = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.stringMatching(/^[A-Za-z0-9.:/_-]{0,20}$/),
  fc.constantFrom('$(id)', '`id`', 'a;id', 'a b', 'Y\n', '-rf', '--help', '..', '../x', '/etc/passwd', '１２', '1e3'),
);

describe('valueProblem', () => {
  it.each([
    [number, ['0', '7', '100']],
    [choice, ['Y', 'N']],
    [limit, ['0', 'max', '1073741824', String(Number.MAX_SAFE_INTEGER)]],
    [word, ['zstd', 'lzo-rle', 'a', '_', '.'.repeat(64)]],
    [parts, ['1:zstd:100', 'none', 'a:b:c']],
  ] as const)('%j takes %j', (shape, good) => {
    for (const value of good) expect(valueProblem(shape, value)).toBeUndefined();
  });

  it.each([
    [number, ['', '-1', '101', '1.5', '20%', '007', '1k', ' 1', '1\n', '99999999999999999']],
    [choice, ['', 'y', 'YN', 'Y ', '1']],
    [limit, ['', '-1', 'MAX', '1G', '1073741824 ', '9007199254740993']],
    [word, ['', '-x', 'a b', 'a/b', 'ä', 'a'.repeat(65), 'a\n']],
    [parts, ['', 'a:b', 'a:b:c:d', 'a::c', 'a:-b:c', 'None', 'a:b:c\n']],
  ] as const)('%j does not take %j', (shape, bad) => {
    for (const value of bad) expect(valueProblem(shape, value)).toMatch(/\.$/);
  });

  it('names the limits', () => {
    expect(valueProblem(number, '101')).toBe(
      '"101" is not a whole number from 0 to 100. Write its digits and nothing else.',
    );
    expect(valueProblem(choice, 'x')).toContain('Y, N');
  });

  it('lets through only harmless words that do not begin with "-", and never answers at length', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(shapes)), typed, (shape, value) => {
        const problem = valueProblem(shape, value);
        if (problem === undefined) expect(value).toMatch(/^[A-Za-z0-9._:][A-Za-z0-9._:-]*$/);
        else expect(problem.length).toBeLessThan(250);
      }),
    );
  });

  it('takes every number of the range, and none outside', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5000 }), fc.nat(5000), fc.nat(10_000), (min, span, value) => {
        const shape: ValueShape = { kind: 'number', min, max: min + span };
        expect(valueProblem(shape, String(value)) === undefined).toBe(value >= min && value <= min + span);
      }),
    );
  });
});

describe('instanceProblem', () => {
  const good: Readonly<Record<InstanceShape, readonly string[]>> = {
    none: [''],
    word: ['db-1', 'Domain-0', '7'],
    pair: ['mycluster/node0', 'a/b.c'],
    device: ['/dev/zram0', '/dev/vg/swap', '/dev/disk/by-id/x'],
    number: ['0', '12'],
    uuid: ['01234567-89ab-cdef-0123-456789ABCDEF'],
  };
  const bad: Readonly<Record<InstanceShape, readonly string[]>> = {
    none: ['x', ' '],
    word: ['', '-x', '.x', 'a b', 'a/b', '../x', 'a;b', 'a'.repeat(65), 'a\n'],
    pair: ['', 'a', 'a/', '/a', 'a/b/c', '../a', 'a/..', '-a/b'],
    device: ['', '/dev', '/dev/', '/etc/x', '/dev/../etc/x', '/dev//x', '/dev/-x', '/dev/x y', 'dev/x'],
    number: ['', '-1', '01', '1a', '1\n'],
    uuid: ['', '01234567-89ab-cdef-0123-456789abcde', '0123456789abcdef0123456789abcdef', 'x'],
  };
  const kinds = Object.keys(good) as InstanceShape[];

  it.each(kinds)('%s', (shape) => {
    for (const text of good[shape]) expect(instanceProblem(shape, text)).toBeUndefined();
    for (const text of bad[shape]) expect(instanceProblem(shape, text)).toMatch(/\.$/);
  });

  it('lets nothing through that a shell or a path could misread', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), typed, (shape, text) => {
        if (instanceProblem(shape, text) !== undefined) return;
        expect(text).toMatch(/^[A-Za-z0-9._/-]*$/);
        expect(text.split('/')).not.toContain('..');
        expect(text.startsWith('-')).toBe(false);
      }),
    );
  });
});

const file = (path: string): FileKnob => ({
  kind: 'file',
  name: 't',
  path,
  value: number,
  check: 'exact',
  shown: 'plain',
});
const command: CommandKnob = {
  kind: 'command',
  name: 'c',
  instance: 'pair',
  needs: 'x',
  read: '',
  write: '',
  shownAs: '',
  value: number,
  check: 'exact',
};

describe('instances of files', () => {
  const groups = file('/sys/fs/cgroup/machine.slice/*.scope/memory.zswap.max');

  it('are the paths that the pattern means, one name for each "*"', () => {
    const path = '/sys/fs/cgroup/machine.slice/machine-qemu\\x2d1\\x2ddb.scope/memory.zswap.max';
    expect(knobInstanceProblem(groups, path)).toBeUndefined();
    expect(knobInstanceProblem(file('/sys/a'), '/sys/a')).toBeUndefined();
    for (const wrong of [
      '/sys/fs/cgroup/machine.slice/a.scope/b.scope/memory.zswap.max',
      '/sys/fs/cgroup/machine.slice/../x.scope/memory.zswap.max',
      '/sys/fs/cgroup/machine.slice/.scope/memory.zswap.max',
      '/sys/fs/cgroup/machine.slice/a.scope/memory.max',
      '/sys/fs/cgroup/machine.slice/a\n.scope/memory.zswap.max',
      '',
    ])
      expect(knobInstanceProblem(groups, wrong)).toContain('is no file of');
  });

  it('never leave the directory of the pattern', () => {
    const name = fc.oneof(typed, fc.constantFrom('.', '..', ''));
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (names) => {
        const path = `/a/${names.join('/')}/f`;
        if (!isPathOf('/a/*/f', path)) return;
        expect(path.split('/')).toHaveLength(4);
        expect(['', '.', '..']).not.toContain(path.split('/')[2]);
      }),
    );
  });

  it('are written down with at most one "*" for a number', () => {
    expect(
      keptAsProblem(groups, '/sys/fs/cgroup/machine.slice/machine-qemu\\x2d*\\x2ddb.scope/memory.zswap.max'),
    ).toBeUndefined();
    expect(keptAsProblem(groups, '/sys/fs/cgroup/machine.slice/*-*.scope/memory.zswap.max')).toContain('more than one');
    expect(keptAsProblem(groups, '/sys/fs/cgroup/*/a.scope/memory.zswap.max')).toContain('is no file of');
    expect(keptAsProblem(command, 'web/node*')).toBeUndefined();
    expect(keptAsProblem(command, 'web')).toContain('two names');
  });
});
