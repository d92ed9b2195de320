/** Each kind of report against a small fleet: the answers, the tables, the charts; and that figures are the ledger's. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReportBlock, ReportCell, ReportDocument, ReportTable } from '#shared/model/report.ts';
import { advise } from '#core/reports/build/advice.ts';
import { figure, figureText } from '#core/reports/format.ts';
import { makeReport } from '#core/reports/make-report.ts';
import type { Given } from './sources.ts';
import {
  entryOf,
  from,
  GiB,
  harmEntry,
  hostOf,
  hour,
  ledgerOfHosts,
  reportSources,
  request,
  to,
  usualHosts,
  usualLedger,
} from './sources.ts';

const blocksOf = ({ blocks, method }: ReportDocument): readonly ReportBlock[] => [...blocks, ...method];
const tablesOf = (document: ReportDocument): readonly ReportTable[] =>
  blocksOf(document).flatMap((block) => (block.kind === 'table' ? [block.table] : []));
const chartsOf = (document: ReportDocument) =>
  blocksOf(document).flatMap((block) => (block.kind === 'chart' ? [block.chart] : []));
function tableOf(document: ReportDocument, id: string): ReportTable {
  const table = tablesOf(document).find((one) => one.id === id);
  if (table === undefined) throw new Error(`no table ${id}`);
  return table;
}
function cellOf(table: ReportTable, row: string, column: string): ReportCell {
  const found = table.rows.find(([first]) => first?.text === row);
  const cell = found?.[table.columns.findIndex(({ title }) => title === column)];
  if (cell === undefined) throw new Error(`no ${column} of ${row}`);
  return cell;
}
const answer = (document: ReportDocument, index: number): string =>
  document.answers[index]?.sentences.join(' ').replaceAll('\u00a0', ' ') ?? '';

const make = (kind: Parameters<typeof request>[0], given: Given = {}, more: Parameters<typeof request>[1] = {}) =>
  makeReport(request(kind, more), reportSources(given), { now: to + hour });

/** The shape that every writer relies on. */
function checkShape(document: ReportDocument): void {
  const tables = tablesOf(document);
  const ids = [...tables, ...chartsOf(document)].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z0-9-]+$/);
  for (const { columns, rows } of tables) for (const row of rows) expect(row).toHaveLength(columns.length);
  for (const { lines, panes } of chartsOf(document))
    for (const { at, values, pane } of lines) {
      expect(values).toHaveLength(at.length);
      expect(panes.map(({ id }) => id)).toContain(pane);
    }
  expect(document.answers).toHaveLength(3);
  for (const { sentences } of document.answers) {
    expect(sentences.length).toBeGreaterThan(0);
    for (const sentence of sentences) expect(sentence).toMatch(/[.]$/);
  }
  const text = JSON.stringify(document);
  for (const never of ['undefined', 'NaN', '[object', '!', 'please', 'successfully']) expect(text).not.toContain(never);
}

describe('every kind', () => {
  test.each(['savings', 'host-health', 'guest', 'change-impact', 'inventory'] as const)('%s is whole', async (kind) => {
    const document = await make(kind);
    checkShape(document);
    expect(document).toMatchObject({
      kind,
      from,
      to,
      madeAt: to + hour,
      madeBy: 'ann@desk',
      version: '1.2.3',
      lab: false,
    });
    expect(document.method.some((block) => block.kind === 'heading' && block.text === 'Data quality')).toBe(true);
  });

  test.each(['savings', 'host-health', 'change-impact', 'inventory'] as const)(
    '%s without any history',
    async (kind) => {
      const nobody: Given = {
        ledger: async () => ledgerOfHosts([], { harm: [], events: [], sums: { byMechanism: {} } }),
        history: {
          entities: async () => [],
          fleet: async () => ({ tier: 'hour', stepMs: hour, at: [], signals: {}, hosts: [], damaged: 0 }),
          totals: async () => ({ totals: [], coverage: [], events: [], damaged: 0 }),
          status: () => ({ state: 'off', file: '', bytes: 0, budgetBytes: 0, tiers: [] }),
        },
      };
      const document = await make(kind, nobody);
      checkShape(document);
      expect(chartsOf(document)).toEqual([]);
    },
  );

  test('a lab is said to be one', async () => {
    expect((await make('savings', { lab: true })).lab).toBe(true);
  });

  test('hosts that nobody knows are refused', async () => {
    await expect(make('savings', {}, { hosts: ['id-nobody'] })).rejects.toMatchObject({
      problem: { code: 'not-found' },
    });
  });

  test('is stopped between its steps', async () => {
    const stop = new AbortController();
    const seen: string[] = [];
    const made = makeReport(request('savings'), reportSources(), {
      now: to,
      signal: stop.signal,
      onProgress: (_, step) => {
        seen.push(step);
        if (step === 'drawing savings over harm') stop.abort();
      },
    });
    await expect(made).rejects.toMatchObject({ problem: { code: 'cancelled' } });
    expect(seen.at(-1)).toBe('drawing savings over harm');
  });
});

describe('savings', () => {
  test('answers the three questions with figures', async () => {
    const document = await make('savings');
    expect(answer(document, 0)).toContain('3 hosts did without 14.6 GiB of RAM, 7.6 % of the 192 GiB they have');
    expect(answer(document, 0)).toContain('zswap 9.15 GiB, Balloon 6.00 GiB and KSM −512 MiB');
    expect(answer(document, 0)).toContain('capacity that may vanish, not memory saved');
    expect(answer(document, 0)).toContain('moved, not saved');
    expect(answer(document, 0)).toContain('a month, at 3.50 EUR');
    expect(answer(document, 1)).toContain(
      'db-1: some task waited for memory 12 % of the time, 40 % in its worst spell',
    );
    expect(answer(document, 1)).toContain('Nothing was killed');
    expect(answer(document, 2)).toContain(
      'Merging equal pages (KSM) takes more than it saves on db-1 (512 MiB). Stop KSM there',
    );
    expect(answer(document, 2)).toContain('Pools refused 400\u202f000 pages on db-1, 24 % of those offered.');
    expect(answer(document, 2)).toContain('Nothing saves memory on web-1, with 64.0 GiB of RAM.');
  });

  test('each figure of the tables is the ledger’s, to the last unit', async () => {
    const ledger = usualLedger();
    const document = await make('savings');
    const hosts = tableOf(document, 'hosts');
    for (const host of ledger.hosts) {
      expect(cellOf(hosts, host.name, 'Net saved').value).toBe(host.sums.saved);
      expect(cellOf(hosts, host.name, 'RAM').value).toBe(host.ram);
    }
    expect(cellOf(hosts, 'All', 'Net saved').value).toBe(ledger.sums.saved);
    expect(cellOf(hosts, 'All', 'Per month')).toMatchObject({ value: ledger.money?.perMonth, unit: 'EUR' });
    const mechanisms = tableOf(document, 'mechanisms');
    expect(cellOf(mechanisms, 'zswap', 'Net saved').value).toBe(ledger.sums.byMechanism.zswap);
    expect(cellOf(mechanisms, 'KSM', 'Net saved').value).toBe(-0.5 * GiB);
    expect(cellOf(mechanisms, 'All', 'Gross').value).toBe(ledger.sums.gross);
    expect(cellOf(mechanisms, 'All', 'Overhead').value).toBe(ledger.sums.overhead);
    expect(cellOf(mechanisms, 'RAMster', 'Net saved').text).toBe('—');
    expect(cellOf(mechanisms, 'RAMster', 'Moved').value).toBe(ledger.sums.moved);
  });

  test('charts keep gaps, leave out what nobody tells, and letter the changes', async () => {
    const [overHarm, byMechanism] = chartsOf(await make('savings'));
    expect(overHarm?.lines.map(({ look }) => look)).toEqual(['compressed', 'harm-some']);
    expect(overHarm?.lines[0]?.values[3]).toBeNull();
    expect(overHarm?.panes.map(({ id }) => id)).toEqual(['saved', 'stall']);
    expect(overHarm?.markers).toEqual([
      { at: from + 6 * hour, letter: 'A', title: 'Compress swapped pages, begun by ann@desk.' },
    ]);
    expect(overHarm?.resolution).toBe('means of 1\u00a0h');
    expect(byMechanism?.lines.map(({ title }) => title)).toEqual(['zswap', 'KSM', 'Balloon']);
    expect(byMechanism?.lines[0]?.at).toHaveLength(24);
    expect(byMechanism?.lines[0]?.at[0]).toBe(from + hour / 2);
  });

  test('every formula is there with its terms and where they are read', async () => {
    const formulas = tableOf(await make('savings'), 'formulas');
    const zswap = formulas.rows.find(([what]) => what?.text.startsWith('zswap, saved:'));
    expect(zswap?.[1]?.text).toBe('gross: Zswapped\noverhead: Zswap\nnet: Zswapped − Zswap');
    const terms = tableOf(await make('savings'), 'terms');
    expect(cellOf(terms, 'Zswapped', 'What it is').text).toBe('The Zswapped');
    expect(cellOf(terms, 'Zswapped', 'Where it is read').text).toBe('/proc/Zswapped');
    const raw = tableOf(await make('savings'), 'raw').rows.find(
      ([host, , term]) => host?.text === 'db-1' && term?.text === 'swap-ins',
    );
    expect(raw?.[4]?.value).toBe(54_321);
    expect(cellOf(tableOf(await make('savings'), 'definitions'), 'Money', 'Meaning').text).toContain('3.5 EUR');
  });

  test('the method is as long for a hundred hosts as for one, and programs get what each told', async () => {
    const fleet = Array.from({ length: 100 }, (_, index) =>
      usualHosts().map((host) => ({ ...host, name: `${host.name}-${index}`, host: `${host.host}-${index}` })),
    ).flat();
    const [one, all] = [await make('savings'), await make('savings', { ledger: async () => ledgerOfHosts(fleet) })];
    for (const id of ['formulas', 'terms']) expect(tableOf(all, id).rows.length).toBe(tableOf(one, id).rows.length);
    expect(tableOf(all, 'raw')).toMatchObject({ printed: false });
    expect(tableOf(all, 'raw').rows.length).toBe(100 * tableOf(one, 'raw').rows.length);
  });

  test('a report on guests explains their formulas, and not those of their hosts', async () => {
    const formulas = tableOf(await make('guest'), 'formulas').rows.map(([what]) => what?.text ?? '');
    expect(formulas).toContain('zswap, saved, of a guest: zswap saved');
    expect(formulas.every((what) => what.includes('of a guest'))).toBe(true);
  });

  test('guests are shown apart, the most saving first', async () => {
    const guests = tableOf(await make('savings'), 'guests');
    expect(guests.rows.map(([name]) => name?.text)).toEqual(['erp', 'shop']);
    expect(guests.note).toContain('never added');
  });
});

describe('advice', () => {
  test('says nothing where no figure asks for it', () => {
    const ledger = ledgerOfHosts([
      hostOf('a', [entryOf('id-a', 'zswap', 'saved', GiB, 0)], [harmEntry('psi-some', 0.1)]),
    ]);
    expect(advise(ledger)).toEqual([expect.stringContaining('No figure calls for a change')]);
  });

  test('puts kills before everything, and what many hosts share into one sentence', () => {
    const hosts = Array.from({ length: 9 }, (_, index) =>
      hostOf(
        `h${index}`,
        [entryOf(`id-h${index}`, 'ksm', 'saved', 0, (index + 1) * GiB)],
        [harmEntry('oom-kills', index === 4 ? 3 : 0)],
      ),
    );
    const told = advise(ledgerOfHosts(hosts)).map((sentence) => sentence.replaceAll('\u00a0', ' '));
    expect(told[0]).toContain('killed processes for lack of memory on h4 (3)');
    expect(told[1]).toContain('h8 (9.00 GiB), h7 (8.00 GiB), h6 (7.00 GiB), h5 (6.00 GiB) and 5 more. Stop KSM there');
    expect(told).toHaveLength(2);
  });

  test('names every host that suffers, and of those that feel it only the dearest', () => {
    const host = (name: string, wait: number, saved: number) =>
      hostOf(name, [entryOf(`id-${name}`, 'zswap', 'saved', saved, 0)], [harmEntry('psi-some', wait)]);
    const told = advise(
      ledgerOfHosts([
        host('calm', 0.5, GiB),
        host('dear', 2, GiB / 2),
        host('cheap', 2, 9 * GiB),
        host('bad', 30, 100 * GiB),
      ]),
    );
    expect(told).toHaveLength(2);
    expect(told[0]).toContain('Another host waited 10\u00a0% of the time or longer: bad (30\u00a0%)');
    expect(told[1]).toMatch(/^dear: .*the most harm for each GiB/);
  });

  test('speaks of gaps and hosts that were not read', () => {
    const told = advise(
      ledgerOfHosts(usualHosts(), {
        quality: {
          covered: 0.4,
          gaps: 3,
          longestGapMs: 5 * hour,
          reboots: 0,
          resets: 0,
          missing: ['db-9'],
          damaged: 0,
          notes: [],
        },
      }),
    )
      .join(' ')
      .replaceAll('\u00a0', ' ');
    expect(told).toContain('db-9 was not read once');
    expect(told).toContain(
      'Readings cover 40 % of the span, with a gap of 5 h at the longest: the figures are of that',
    );
  });
});

describe('sentences', () => {
  const savings = async (given: Parameters<typeof ledgerOfHosts>[1], harm: [number, number?] = [1]) =>
    make('savings', {
      ledger: async () =>
        ledgerOfHosts(
          [hostOf('a', [entryOf('id-a', 'zswap', 'saved', GiB, 0)], [harmEntry('psi-some', harm[0], harm[1])])],
          given,
        ),
    });

  test('a worst spell is never milder than the mean', async () => {
    expect(answer(await savings({}, [0.04, 0]), 1)).toContain('waited for memory < 0.1 % of the time.');
    expect(answer(await savings({}, [0.4, 7]), 1)).toContain('0.4 % of the time, 7.0 % in its worst spell.');
  });

  test('a span too short to be worth anything is told by the month alone', async () => {
    const money = { amount: 0.001, perMonth: 12.5, currency: 'EUR', pricePerGiBMonth: 3.5, assumption: 'A price.' };
    expect(answer(await savings({ money }), 0)).toContain('That is worth 12.50 EUR a month, at 3.50 EUR');
    expect(answer(await savings({ money: { ...money, amount: 4 } }), 0)).toContain('worth 4.00 EUR for this span, or');
  });

  test('a share of the pages offered is told only where the taken ones are known', () => {
    const host = (name: string, taken: number | undefined) =>
      hostOf(name, taken === undefined ? [] : [entryOf(`id-${name}`, 'zswap', 'writes-avoided', taken, undefined)], [
        harmEntry('rejects', 5000),
      ]);
    const told = advise(ledgerOfHosts([host('mute', undefined), host('told', 15_000)])).join(' ');
    expect(told).toContain('mute (5000)');
    expect(told).toContain('told (5000, 25\u00a0% of those offered)');
  });

  test('a host without anything that works, or that waits, is not told twice to save more', () => {
    const told = advise(
      ledgerOfHosts([
        hostOf('good', [entryOf('id-good', 'balloon', 'saved', GiB, 0)], []),
        hostOf('bare', [entryOf('id-bare', 'balloon', 'saved', 0, 0)], [harmEntry('psi-some', 5)]),
      ]),
    );
    expect(told.filter((sentence) => sentence.includes('could use it too'))).toEqual([]);
  });
});

describe('guest', () => {
  test('tells the truths about the chosen guest only', async () => {
    const document = await make('guest', {}, { guests: [{ host: 'id-db-1', guest: 'libvirt:erp' }] });
    expect(document.subject).toBe('erp');
    const truths = tableOf(document, 'truths');
    expect(truths.rows).toHaveLength(1);
    expect(cellOf(truths, 'erp', 'Promised').value).toBe(8 * GiB);
    expect(cellOf(truths, 'erp', 'On disk').text).toBe('—');
    expect(chartsOf(document)[0]?.lines.map(({ look }) => look)).toEqual(['resident', 'accent', 'ballooned', 'muted']);
    expect(answer(document, 0)).toBe('erp does without 3.00 GiB of RAM, as a mean over the span.');
    expect(answer(document, 2)).toContain('a balloon can take up to 4.00 GiB back');
  });

  test('without a guest in the span it is refused', async () => {
    await expect(make('guest', {}, { guests: [{ host: 'id-db-1', guest: 'libvirt:nobody' }] })).rejects.toMatchObject({
      problem: { code: 'not-found' },
    });
  });
});

describe('host health and inventory', () => {
  test('names the host in need and why', async () => {
    // What is counted is the ledger's: the signals of the sample are rates that come to two kills.
    const [first, ...others] = usualHosts();
    const killed = first === undefined ? [] : [{ ...first, harm: [...first.harm, harmEntry('oom-kills', 3)] }];
    const document = await make('host-health', { ledger: async () => ledgerOfHosts([...killed, ...others]) });
    expect(answer(document, 0)).toContain('In need: db-1.');
    expect(answer(document, 1)).toContain('54\u202f321 pages came back from swap. 3 processes were killed');
    expect(answer(document, 2)).toContain('db-1: 3 processes were killed for lack of memory.');
    expect(cellOf(tableOf(document, 'health'), 'db-1', 'Waited').value).toBe(12.4);
    expect(cellOf(tableOf(document, 'health'), 'db-1', 'OOM kills').value).toBe(3);
    expect(cellOf(tableOf(document, 'health'), 'web-1', 'Waited').text).toBe('—');
    expect(chartsOf(document).map(({ title }) => title.split(':')[0])).toEqual(['All hosts', 'db-1', 'db-2', 'web-1']);
  });

  test('knows hosts that are gone, from the history alone', async () => {
    const document = await make('inventory', { hosts: () => [] });
    expect(cellOf(tableOf(document, 'hosts'), 'db-1', 'State').text).toBe('no longer in the inventory');
    expect(cellOf(tableOf(document, 'hosts'), 'db-1', 'RAM').value).toBe(64 * GiB);
    expect(tableOf(document, 'guests').rows.map(([name]) => name?.text)).toEqual(['erp', 'shop']);
  });
});

test('the same figure has the same text everywhere', () => {
  const bytes = fc.double({ min: -1e15, max: 1e15, noNaN: true });
  fc.assert(
    fc.property(bytes, (value) => {
      expect(figure(value, 'bytes')).toEqual({ text: figureText(value, 'bytes'), value, unit: 'bytes' });
      // Rounded for the eye, and never by more than one part in a hundred.
      const [amount = '', unit = 'B'] = figureText(value, 'bytes')
        .replace('−', '-')
        .replace(/\u202f/g, '')
        .split('\u00a0');
      const read = Number(amount) * 1024 ** ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'].indexOf(unit);
      expect(Math.abs(read - value)).toBeLessThanOrEqual(Math.max(0.5, Math.abs(value) * 0.01));
    }),
  );
});
