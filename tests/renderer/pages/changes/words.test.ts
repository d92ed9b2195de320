/** The pure parts of the changes pages: verdicts, comparisons, rights, groups, countdowns. */
import { describe, expect, it } from 'vitest';
import type { Impact, PlanView } from '#shared/model/plan.ts';
import { epochMs } from '#shared/units.ts';
import { mergeEntries, movedWords } from '../../../../renderer/pages/changes/journal-words.ts';
import { changesVerdict } from '../../../../renderer/pages/changes/changes-verdict.ts';
import { compareSteps } from '../../../../renderer/pages/changes/compare-steps.ts';
import { acceptConsequence } from '../../../../renderer/pages/changes/drift-words.ts';
import { guardVerdict, sortedGuard } from '../../../../renderer/pages/changes/guard-words.ts';
import { impactFigure, isWorse } from '../../../../renderer/pages/changes/impact-words.ts';
import { planRights } from '../../../../renderer/pages/changes/plan-rights.ts';
import { planVerdict } from '../../../../renderer/pages/changes/plan-verdict.ts';
import { replayKind, wavesProblems } from '../../../../renderer/pages/changes/replay-form.ts';
import {
  countdownWords,
  hostRunWords,
  undoConsequence,
  waveProgress,
} from '../../../../renderer/pages/changes/run-words.ts';
import {
  groupWords,
  hasTrouble,
  lasts,
  moveInWords,
  stepGroups,
  undoWords,
  waveWord,
} from '../../../../renderer/pages/changes/step-groups.ts';
import { namesWord, onWords } from '../../../../renderer/parts/plan-words.ts';
import { verdictText } from '../../../../renderer/parts/verdict.ts';
import { GiB, hostView, noon, states } from '../../../support/host-view.ts';
import { draftOf, plan, planStep, runOf } from '../../../support/plan-views.ts';
import { entry } from './entries.ts';

const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');
const hostsOf = (count: number) => Array.from({ length: count }, (_, i) => ({ host: `h${i}`, name: `n${i}` }));
const many = (views: PlanView['state'][]): PlanView[] =>
  views.map((state, i) => (state === 'draft' ? draftOf(plan(`p${i}`)) : runOf(plan(`p${i}`), state)));

describe('the verdict over all changes', () => {
  const said = (views: PlanView['state'][], drifted?: number) => verdictText(changesVerdict(many(views), drifted));
  it('counts what is watched, kept, undone', () => {
    expect(said(['watching', 'watching', 'kept', 'kept', 'undone', 'draft'])).toBe(
      '2 changes are being watched; 2 kept, 1 undone, 1 draft waits.',
    );
  });
  it('names the one, and what is wrong before what is done', () => {
    expect(said(['applying', 'partly-undone', 'unknown', 'kept'], 3)).toBe(
      'Change A is under way; Change A was undone only in part; Change A has not told its outcome; 1 kept; 3 settings are not what is written down.',
    );
  });
  it('has a sentence for nothing', () => expect(said([], 0)).toBe('Nothing has been changed yet.'));
});

describe('one change in a sentence', () => {
  const said = (view: PlanView, now = noon) => plain(verdictText(planVerdict(view, now)));
  it('of a draft', () => expect(said(draftOf(plan('a')))).toBe('Draft: 1 step on db-1; nothing has been written.'));
  it('of a watched one counts down', () => {
    const view = runOf(plan('a'), 'watching');
    expect(said(view)).toContain('the host undoes this in 1:42 unless it is kept');
    expect(said(view, noon + 100_000)).toContain('in 0:02 unless');
  });
  it('of one that was undone only in part counts what is left', () => {
    const of = plan('a', { steps: [planStep(), planStep({ knob: 'k2' }), planStep({ knob: 'k3' })] });
    const steps = [{ state: 'undone' as const }, { state: 'left' as const }, { state: 'failed' as const }];
    expect(said(runOf(of, 'partly-undone', { steps }))).toContain('2 steps below are not what they were');
  });
  it('of one whose outcome is not known names the host', () => {
    const of = plan('a', { hosts: [...hostsOf(2)] });
    const hosts = [
      { host: 'h0', state: 'undone' as const },
      { host: 'h1', state: 'unreachable' as const },
    ];
    expect(said(runOf(of, 'unknown', { hosts }))).toContain('What became of this on n1 is not known');
  });
});

describe('where a change is', () => {
  it('names few hosts and counts many', () => {
    expect(namesWord(['a'])).toBe('a');
    expect(namesWord(['a', 'b', 'c'])).toBe('a, b and c');
    expect(namesWord(['a', 'b', 'c', 'd'])).toBe('a, b and 2 more');
    expect(namesWord([])).toBe('');
  });
  it('counts guests on their hosts', () => {
    const targets = [
      { host: 'h0', guest: 'x' },
      { host: 'h0', guest: 'y' },
    ];
    expect(onWords(plan('a', { hosts: hostsOf(1), wish: { id: 'w', targets, values: {} } }))).toBe('2 targets on n0');
  });
});

describe('steps', () => {
  const of = plan('a', {
    hosts: hostsOf(3),
    waves: { canary: true, size: 0, watchSeconds: 30 },
    steps: [
      planStep({ host: 'h1', wave: 1 }),
      planStep({ host: 'h0', wave: 0 }),
      planStep({ host: 'h2', wave: 1 }),
      planStep({ host: 'h1', wave: 1, knob: 'k2' }),
    ],
  });
  it('are grouped by wave and host, and keep their place in the plan', () => {
    expect(
      stepGroups(of, undefined).map(({ hostName, wave, rows }) => [hostName, wave, rows.map(({ index }) => index)]),
    ).toEqual([
      ['n0', 0, [1]],
      ['n1', 1, [0, 3]],
      ['n2', 1, [2]],
    ]);
    expect([waveWord(of, 0), waveWord(of, 1), waveWord(plan('b'), 0)]).toEqual(['canary', 'wave 2 of 2', '']);
  });
  it('tell how far they are', () => {
    const run = runOf(of, 'applying', {
      steps: [{ state: 'done' }, { state: 'done' }, { state: 'waiting' }, { state: 'failed' }],
    }).run;
    expect(stepGroups(of, run).map(groupWords)).toEqual(['1 step, 1 done', '2 steps, 1 failed, 1 done', '1 step']);
  });
  it('say how they are undone and how long they last', () => {
    expect(undoWords(planStep())).toBe('undo writes N again');
    expect(undoWords(planStep({ undo: 'none', undoWords: 'the pool stays' }))).toBe('cannot be undone: the pool stays');
    expect(undoWords(planStep({ from: '' }))).toBe('undo writes (empty) again');
    const kept = plan('a', { persistence: 'survives' });
    expect(lasts(planStep({ keepAs: '' }), kept)).toBe('written down; comes back after a reboot');
    expect(lasts(planStep(), kept)).toBe('until the host reboots');
    const guests = plan('g', { wish: { id: 'w', targets: [{ host: 'h', guest: 'g' }], values: {} } });
    expect(lasts(planStep(), guests)).toBe('until the host reboots or the guest restarts');
  });
  it('call no trouble what was said beforehand to stay', () => {
    const row = (undo: 'none' | 'old-value') => ({
      index: 0,
      step: planStep({ undo }),
      run: { state: 'left' as const },
    });
    expect([hasTrouble({ rows: [row('none')] }), hasTrouble({ rows: [row('old-value')] })]).toEqual([false, true]);
    const stays = plan('s', { steps: [planStep(), planStep({ knob: 'k2', undo: 'none' })] });
    const over = runOf(stays, 'undone', { steps: [{ state: 'undone' }, { state: 'left' }] });
    expect(verdictText(planVerdict(over, noon))).toContain('but for 1 step that cannot be undone');
  });
  it('tell what an undo brings back, and what it does not', () => {
    const stuck = plan('s', { steps: [planStep(), planStep({ knob: 'k2', undo: 'none' }), planStep({ knob: 'k3' })] });
    const run = { steps: [{ state: 'done' as const }, { state: 'done' as const }, { state: 'waiting' as const }] };
    expect(undoConsequence(runOf(stuck, 'watching', run))).toBe(
      'The old value of 1 step is written again. 1 step cannot be taken back and stays.',
    );
  });
});

describe('waves', () => {
  const targets = hostsOf(30).map(({ host }) => ({ host }));
  const of = plan('a', {
    hosts: hostsOf(30),
    wish: { id: 'w', targets, values: {} },
    waves: { canary: true, size: 0, watchSeconds: 30 },
    steps: hostsOf(30).map(({ host }, i) => planStep({ host, wave: i === 0 ? 0 : 1 })),
  });
  const said = (view: PlanView) => waveProgress(view, noon)?.replace(/\u00a0/g, ' ');
  it('tell how long the canary is watched, and who follows', () => {
    expect(said(runOf(of, 'watching', { wave: 0, waveReadyAt: epochMs(noon + 12_000) }))).toBe(
      'Canary: watching 12 s more, then 29 hosts',
    );
    expect(said(runOf(of, 'applying', { wave: 0 }))).toBe('Canary: writing, then 29 hosts');
    expect(said(runOf(of, 'watching', { wave: 1 }))).toBe('Wave 2 of 2: the last; the guard watches all');
  });
  it('count guests where one host has many', () => {
    const guests = plan('g', {
      hosts: hostsOf(1),
      waves: of.waves,
      wish: { id: 'w', targets: targets.map((_, i) => ({ host: 'h0', guest: `g${i}` })), values: {} },
      steps: targets.map((_, i) => planStep({ host: 'h0', instance: `g${i}`, wave: i === 0 ? 0 : 1 })),
    });
    expect(said(runOf(guests, 'watching', { wave: 0, waveReadyAt: epochMs(noon + 1000) }))).toBe(
      'Canary: watching 1 s more, then 29 more on 1 host',
    );
  });
  it('are not spoken of where all is one, or over', () => {
    expect(said(runOf(plan('b'), 'watching'))).toBeUndefined();
    expect(said(runOf(of, 'kept'))).toBeUndefined();
  });
});

describe('a host of a run', () => {
  const armed = { host: 'h', state: 'armed' as const, deadlineAt: epochMs(noon + 102_000) };
  it('says until when it undoes by itself', () => {
    expect(hostRunWords(armed, noon)).toBe('undoes this in 1:42 unless kept');
    expect(hostRunWords({ ...armed, state: 'unreachable' }, noon)).toBe('not reached; undoes this by itself in 1:42');
    expect(hostRunWords({ ...armed, state: 'unreachable' }, noon + 200_000)).toContain('has undone this by itself');
  });
  it('is said aloud at a few moments, not every second', () => {
    const aloud = new Set(
      Array.from({ length: 200 }, (_, second) => countdownWords(epochMs(noon + 200_000), noon + second * 1000)),
    );
    expect([...aloud]).toEqual([
      '',
      'Less than 120 seconds until the host undoes this, unless it is kept.',
      'Less than 60 seconds until the host undoes this, unless it is kept.',
      'Less than 30 seconds until the host undoes this, unless it is kept.',
      'Less than 10 seconds until the host undoes this, unless it is kept.',
    ]);
  });
});

describe('the guard', () => {
  const reading = (host: string, now: number | undefined, breached = false) => ({
    host,
    signal: 'harm.psi-some' as const,
    before: 2,
    limit: 22,
    now,
    breached,
  });
  it('has crossed limits first, then the nearest to theirs', () => {
    const all = [reading('a', 1), reading('b', undefined), reading('c', 20), reading('d', 10, true)];
    expect(sortedGuard(all).map(({ host }) => host)).toEqual(['d', 'c', 'a', 'b']);
  });
  it('is one sentence', () => {
    const names = new Map([['d', 'db-1']]);
    expect(guardVerdict([reading('d', 40, true)], names)).toBe('The guard tripped on db-1: the change is undone.');
    expect(guardVerdict([reading('d', undefined)], names)).toContain('waits for the first figures');
    expect(guardVerdict([reading('d', 3)], names)).toBe('Everything is below its limit.');
  });
});

describe('what a change did', () => {
  const impact = (given: Partial<Impact>): Impact => ({
    enough: true,
    words: '',
    beforeSeconds: 300,
    afterSeconds: 300,
    lines: [],
    ...given,
  });
  const figure = (given: Partial<Impact>) =>
    plain(impactFigure({ ...runOf(plan('a'), 'kept'), impact: impact(given) }));
  it('is what is saved more, over hosts and mechanisms', () => {
    const lines = [
      { host: 'a', signal: 'saved.compressed' as const, before: 0, after: 2 * GiB },
      { host: 'b', signal: 'saved.merged' as const, before: GiB, after: 0.5 * GiB },
      { host: 'b', signal: 'saved.remote' as const, after: 9 * GiB },
      { host: 'b', signal: 'harm.psi-some' as const, before: 1, after: 4 },
    ];
    expect(figure({ lines })).toBe('+1.50 GiB saved');
  });
  it('is the pressure where nobody tells what is saved', () =>
    expect(figure({ lines: [{ host: 'a', signal: 'harm.psi-some', before: 6, after: 2 }] })).toBe('−4.0 % waiting'));
  it('is not made up', () => {
    expect(figure({ enough: false, lines: [{ host: 'a', signal: 'saved.merged', before: 0, after: GiB }] })).toBe(
      'not enough data',
    );
    expect(impactFigure(draftOf(plan('a')))).toBe('—');
  });
  it('is worse where harm grew or savings shrank', () => {
    expect(isWorse('harm.psi-some', 1, 4)).toBe(true);
    expect(isWorse('saved.merged', 4, 1)).toBe(true);
    expect(isWorse('harm.rejects', 4, 1)).toBe(false);
    expect(isWorse('harm.rejects', undefined, 1)).toBe(false);
  });
});

describe('two changes side by side', () => {
  it('for the same hosts are compared host by host', () => {
    const left = plan('a', { steps: [planStep(), planStep({ knob: 'k2', to: '20', from: '10', title: 'k2' })] });
    const right = plan('b', {
      steps: [
        planStep(),
        planStep({ knob: 'k2', to: '30', from: '10', title: 'k2' }),
        planStep({ knob: 'k3', title: 'k3' }),
      ],
    });
    expect(compareSteps(left, right).map(({ title, left: a, right: b, same }) => [title, a, b, same])).toEqual([
      ['zswap enabled', 'N → Y', 'N → Y', true],
      ['k2', '10 → 20', '10 → 30', false],
      ['k3', undefined, 'N → Y', false],
    ]);
  });
  it('for other hosts by what they set, wherever it is', () => {
    const left = plan('a', {
      hosts: hostsOf(2),
      steps: [planStep({ host: 'h0' }), planStep({ host: 'h1', from: 'Y' })],
    });
    const right = plan('b', { steps: [planStep()] });
    expect(compareSteps(left, right).map(({ left: a, right: b, same }) => [a, b, same])).toEqual([
      ['N → Y (1 host), Y → Y (1 host)', 'N → Y', true],
    ]);
  });
});

describe('whether a change can be made', () => {
  const operator = { config: { role: 'operator' as const } };
  const hosts = new Map([
    ['id-db-1', hostView('db-1', operator)],
    ['id-db-2', hostView('db-2')],
    ['id-db-3', hostView('db-3', { ...operator, state: states.off })],
  ]);
  const rights = (...names: string[]) =>
    planRights(plan('a', { hosts: names.map((name) => ({ host: `id-${name}`, name })) }), hosts);
  it('takes hosts that the console may change', () =>
    expect(rights('db-1')).toEqual({ apply: true, steer: true, sentence: '' }));
  it('is said where a host is watched only', () => {
    expect(rights('db-2')).toMatchObject({ apply: false, steer: false });
    expect(rights('db-2').sentence).toContain('only watches db-2');
    expect(rights('db-1', 'db-2')).toMatchObject({ apply: false, steer: true });
  });
  it('is said where a host is away or gone', () => {
    expect(rights('db-3').sentence).toContain('db-3 is not connected');
    expect(rights('db-9').sentence).toContain('db-9 is not in the list of hosts any more');
  });
});

describe('the journal', () => {
  it('says what moved', () => {
    expect(movedWords(entry(1, { before: '0', after: '1' }))).toBe('0 → 1');
    expect(movedWords(entry(1, { before: '0' }))).toBe('was 0');
    expect(movedWords(entry(1))).toBe('');
  });
  it('keeps older entries under a newer page only where they join', () => {
    const run = (...n: number[]) => n.map((one) => entry(one));
    const merged = (newest: number[], had: number[]) => mergeEntries(run(...newest), run(...had)).map(({ n }) => n);
    expect(merged([9, 8, 7], [8, 7, 6, 5])).toEqual([9, 8, 7, 6, 5]);
    expect(merged([30, 29], [8, 7])).toEqual([30, 29]);
    expect(merged([3, 2], [])).toEqual([3, 2]);
  });
});

describe('accepting drift', () => {
  const item = { host: 'h', hostName: 'n', knob: 'k', keptAs: '', title: 't', wanted: '1' };
  it('says what it comes to', () => {
    expect(acceptConsequence([{ ...item, now: '0' }])).toBe(
      'The value that is so now replaces the one that is written down and comes back after a reboot. Nothing changes on the host itself.',
    );
    expect(acceptConsequence([{ ...item, now: '0' }, { ...item, now: '2' }, item])).toContain(
      '1 line for what is not there any more is dropped',
    );
  });
});

describe('replaying', () => {
  const of = (id: string, guest?: string) =>
    plan('a', { wish: { id, targets: [{ host: 'h', ...(guest === undefined ? {} : { guest }) }], values: {} } });
  it('asks for what the change was for', () => {
    expect(replayKind(of('mainline.compress'), () => false)).toEqual({ of: 'host', least: 1, instance: undefined });
    expect(replayKind(of('ramster.cluster'), () => false).least).toBe(2);
    expect(replayKind(of('mainline.guest', 'gone'), () => false).of).toBe('guest');
    expect(replayKind(of('knob:memory.max', 'k'), () => true).of).toBe('guest');
    expect(replayKind(of('knob:zram.disksize', 'zram0'), () => false)).toEqual({
      of: 'host',
      least: 1,
      instance: 'zram0',
    });
  });
  it('takes only numbers a wave can have', () => {
    const wrong = (size: string, watchSeconds: string) => [
      ...wavesProblems({ canary: true, size, watchSeconds }).keys(),
    ];
    expect(wrong('0', '30')).toEqual([]);
    expect(wrong('-1', '4')).toEqual(['waves.size', 'waves.watchSeconds']);
    expect(wrong('10001', '1e3')).toEqual(['waves.size', 'waves.watchSeconds']);
  });
});

describe('a move in words', () => {
  it.each([
    ['max', '67108864', 'bytes', 'no limit → 64.0 MiB'],
    ['1572864', '1507328', 'KiB', '1.50 GiB → 1.44 GiB'],
    ['unset', '2048', 'MiB', 'unset → 2.00 GiB'],
    ['0', '1', undefined, ''],
  ] as const)('%s to %s in %s: %s', (from, to, unit, words) => {
    expect(moveInWords({ from, to, ...(unit === undefined ? {} : { unit }) }).replaceAll('\u00a0', ' ')).toBe(words);
  });
});
