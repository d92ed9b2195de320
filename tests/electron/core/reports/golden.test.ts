/**
 * One report of a lab world from a fixed seed, through the real history and the real ledger, in every format: all the
 * figures in the files are those of the ledger, to the last unit.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultSettings } from '#shared/model/settings.ts';
import type { HistoryTotals } from '#shared/model/history.ts';
import type { Ledger } from '#shared/model/ledger.ts';
import type { ReportCell, ReportDocument, ReportFormat, ReportTable } from '#shared/model/report.ts';
import { epochMs } from '#shared/units.ts';
import { catalogueOf } from '#core/collect/catalogue.ts';
import { HistoryRows } from '#core/collect/history-rows.ts';
import { observe } from '#core/collect/observe.ts';
import { Rates } from '#core/collect/rates.ts';
import type { History } from '#core/history/history.ts';
import { openHistory } from '#core/history/history.ts';
import type { LabMachine } from '#core/lab/machine.ts';
import { dice } from '#core/lab/random.ts';
import { guestsOf, kvm, trio, xen } from '#core/lab/scenarios/hosts.ts';
import { World } from '#core/lab/world.ts';
import { ledgerOf } from '#core/ledger/ledger.ts';
import { platforms } from '#core/platforms/index.ts';
import { makeReport } from '#core/reports/make-report.ts';
import { writeReport } from '#core/reports/writers/write.ts';
import { evidenceOf } from '../../../support/lab-evidence.ts';
import { TestClock } from '../../../support/test-clock.ts';
import { workbook } from '../../../support/zip.ts';

const minute = 60_000;
const hours = 2;
const start = Date.UTC(2026, 10, 23, 8);
const end = start + hours * 60 * minute;
const money = { pricePerGiBMonth: 3.5, currency: 'EUR' };

/** More guests than the first host has room for, old systems beside it, and one host where nothing is on. */
function machines(): readonly LabMachine[] {
  const seeded = dice(2026);
  const first = kvm('kvm-01', seeded, 8, { guests: guestsOf('kvm-01', 14, 2560) });
  for (const { name } of first.state.guests) first.press(name, 1.4);
  return [
    first,
    kvm('kvm-02', seeded, 8, {
      zswap: { enabled: false, compressor: 'lzo', maxPoolPercent: 20 },
      ksm: { run: 0, pagesToScan: 100 },
    }),
    xen('xen-01', seeded, 8),
    ...trio('ram-', seeded, 8).machines,
  ];
}

/** Each machine read once a minute, as the collector does it. */
async function record(history: History, clock: TestClock): Promise<void> {
  const catalogue = catalogueOf(platforms);
  const world = new World({
    scenery: { machines: machines(), events: [] },
    clock,
    startHour: 8,
    onTick: () => undefined,
    onEvent: () => undefined,
  });
  const watched = world.machines.map((machine) => ({
    machine,
    rates: new Rates(),
    rows: new HistoryRows({ hostColumns: 1000, guestColumns: 200, guests: 1000 }, new Map()),
  }));
  for (let at = start; at <= end; at += minute) {
    clock.jump(at - clock.now());
    world.advance(60);
    for (const { machine, rates, rows } of watched) {
      const evidence = evidenceOf(machine, ...platforms);
      const moment = { at: epochMs(at), bootId: machine.bootId, evidence, uptimeAt: () => machine.uptime() };
      const present = platforms.filter((platform) => platform.detect(evidence).presence !== 'none');
      const seen = observe(moment, present, catalogue, rates);
      const { name } = machine;
      history.record({ host: name, hostName: name, at: epochMs(at), intervalMs: minute, rows: rows.of(name, seen) });
    }
    await clock.pass(0);
  }
}

let history: History;
let ledger: Ledger;
let totals: HistoryTotals;
let document: ReportDocument;
const files = new Map<string, Uint8Array>();
const folder = mkdtempSync(join(tmpdir(), 'golden-'));

beforeAll(async () => {
  const clock = new TestClock();
  clock.jump(start - clock.now());
  history = openHistory({
    file: undefined,
    clock,
    log: {
      info: () => undefined,
      warn: () => undefined,
      bug: (words, error) => expect.fail(`${words}: ${String(error)}`),
    },
    settings: () => defaultSettings.history,
    notify: ({ sentence }) => expect.fail(sentence),
    dismiss: () => undefined,
    onStatus: () => undefined,
  });
  await history.ready;
  await record(history, clock);
  const sources = { history, platforms, money, lab: true, hostName: () => undefined, wanted: () => [] };
  const span = { from: start, to: end };
  totals = await history.totals({ hosts: [], guests: false, metrics: ['signal.saved.compressed'], ...span });
  document = await makeReport(
    { kind: 'savings', span, hosts: [], guests: [], plans: [], formats: ['json'] },
    {
      history,
      ledger: async (query) => {
        const asked = await ledgerOf(query, sources);
        // The one of the whole span; the others are slices of it, for a chart.
        if (query.guests) ledger = asked;
        return asked;
      },
      hosts: () => [],
      guests: () => [],
      plans: () => [],
      catalogue: catalogueOf(platforms).entries,
      interval: minute,
      lab: true,
      who: 'ann@desk',
      version: '1.2.3',
      money,
    },
    { now: end },
  );
  for (const format of ['json', 'csv', 'xlsx', 'html', 'pdf'] as const satisfies readonly ReportFormat[]) {
    const signal = new AbortController().signal;
    const written = await writeReport(document, format, { signal, find: async () => undefined });
    for (const { name, bytes } of written.files) files.set(name, bytes);
  }
}, 60_000);

afterAll(async () => {
  await history.close();
  rmSync(folder, { recursive: true, force: true });
});

const bytesOf = (name: string): Uint8Array => {
  const bytes = files.get(name);
  if (bytes === undefined) throw new Error(`no ${name} among ${[...files.keys()].join(', ')}`);
  return bytes;
};
const textOf = (name: string): string => new TextDecoder().decode(bytesOf(name));
const tables = (): readonly ReportTable[] =>
  [...document.blocks, ...document.method].flatMap((block) => (block.kind === 'table' ? [block.table] : []));
const tableOf = (id: string): ReportTable => {
  const table = tables().find((one) => one.id === id);
  if (table === undefined) throw new Error(`no table ${id}`);
  return table;
};
/** By the first cell of its row and the title of its column. */
function cellOf(id: string, row: string, column: string): ReportCell {
  const { columns, rows } = tableOf(id);
  const cell = rows.find(([first]) => first?.text === row)?.[columns.findIndex(({ title }) => title === column)];
  if (cell === undefined) throw new Error(`no ${column} of ${row}`);
  return cell;
}

describe('the world', () => {
  test('saved something by several mechanisms, and it cost something', () => {
    for (const mechanism of ['zswap', 'ksm', 'balloon', 'zcache'] as const)
      expect(ledger.sums.byMechanism[mechanism], mechanism).toBeGreaterThan(0);
    expect(ledger.sums.moved).toBeGreaterThan(0);
    expect(ledger.sums.capacity).toBeGreaterThan(0);
    expect(ledger.harm.find(({ harm }) => harm === 'psi-some')?.figure.value).toBeGreaterThan(0);
    expect(ledger.hosts.map(({ name }) => name)).toEqual(['kvm-01', 'kvm-02', 'ram-1', 'ram-2', 'ram-3', 'xen-01']);
    expect(ledger.quality.covered).toBeGreaterThan(0.95);
  });
});

describe('the document', () => {
  test('has the ledger’s figures, host by host and in all', () => {
    for (const host of ledger.hosts) {
      expect(cellOf('hosts', host.name, 'Net saved').value).toBe(host.sums.saved);
      expect(cellOf('hosts', host.name, 'Capacity gained').value).toBe(host.sums.capacity);
      expect(cellOf('hosts', host.name, 'RAM').value).toBe(host.ram);
    }
    expect(cellOf('hosts', 'All', 'Net saved').value).toBe(ledger.sums.saved);
    expect(cellOf('hosts', 'All', 'Per month').value).toBe(ledger.money?.perMonth);
    expect(cellOf('mechanisms', 'All', 'Net saved').value).toBe(ledger.sums.saved);
    for (const [id, name] of [
      ['zswap', 'zswap'],
      ['ksm', 'KSM'],
      ['balloon', 'Balloon'],
    ] as const)
      expect(cellOf('mechanisms', name, 'Net saved').value).toBe(ledger.sums.byMechanism[id]);
  });

  test('adds up: mechanisms and hosts to the same sum, guests to none', () => {
    const sum = (id: string, column: string): number => {
      const { columns, rows } = tableOf(id);
      const index = columns.findIndex(({ title }) => title === column);
      return rows.slice(0, -1).reduce((total, row) => total + (row[index]?.value ?? 0), 0);
    };
    const saved = ledger.sums.saved ?? NaN;
    // Half a byte in gigabytes: the order in which doubles are added.
    expect(sum('hosts', 'Net saved')).toBeCloseTo(saved, 0);
    expect(sum('mechanisms', 'Net saved')).toBeCloseTo(saved, 0);
    expect(sum('mechanisms', 'Gross') - sum('mechanisms', 'Overhead')).toBeCloseTo(saved, 0);
  });

  test('is what zswap’s own signal says over the span, where nothing else compresses', () => {
    const [signal] = totals.totals.filter(
      ({ host, metric }) => host === 'kvm-01' && metric === 'signal.saved.compressed',
    );
    const zswap = ledger.hosts.find(({ name }) => name === 'kvm-01')?.sums.byMechanism.zswap;
    expect(Math.abs((signal?.mean ?? 0) - (zswap ?? NaN))).toBeLessThan(1);
  });

  test('says that it is of the lab, and answers with figures', () => {
    expect(document.lab).toBe(true);
    expect(document.answers[0]?.sentences[0]).toContain(cellOf('hosts', 'All', 'Net saved').text);
  });
});

describe('the files', () => {
  test('JSON is the document', () => {
    expect(JSON.parse(textOf('savings.json'))).toMatchObject(JSON.parse(JSON.stringify(document)) as object);
  });

  test('CSV has every figure of every table in full', () => {
    let compared = 0;
    for (const { id, columns, rows } of tables()) {
      const [head = [], ...lines] = Papa.parse<string[]>(textOf(`savings-${id}.csv`).replace('\ufeff', ''), {
        skipEmptyLines: true,
      }).data;
      expect(lines).toHaveLength(rows.length);
      for (const [line, row] of rows.entries())
        for (const [index, { value, unit }] of row.entries()) {
          if (value === undefined) continue;
          const at = placeOf(head, columns, index);
          expect(Number(lines[line]?.[at]), `${id} ${row[0]?.text ?? ''}`).toBe(value);
          expect(lines[line]?.[at + 1]).toBe(unit);
          compared += 1;
        }
    }
    expect(compared).toBeGreaterThan(100);
  });

  test('XLSX has every figure of the tables as a number', () => {
    const sheets = workbook(bytesOf('savings.xlsx'));
    let compared = 0;
    for (const { title, rows } of tables()) {
      const sheet = sheets.get(title);
      expect(sheet, title).toBeDefined();
      for (const [index, row] of rows.entries()) {
        const numbers = row.flatMap(({ value }) => (value === undefined ? [] : [value]));
        const found = (sheet?.[index + 1] ?? []).filter((cell) => typeof cell === 'number');
        expect(found, `${title}, row ${index + 1}`).toEqual(numbers);
        compared += numbers.length;
      }
    }
    expect(compared).toBeGreaterThan(100);
  });

  test('HTML has every figure, in full and as it is read', () => {
    const html = textOf('savings.html');
    for (const { rows } of tables().filter(({ printed }) => printed !== false))
      for (const { text, value } of rows.flat()) {
        if (value === undefined) continue;
        expect(html).toContain(`<data value="${value}"`);
        expect(html).toContain(text.replace('<', '&lt;'));
      }
  });

  test('PDF has every figure of the hosts and mechanisms as it is read', (context) => {
    const path = join(folder, 'savings.pdf');
    writeFileSync(path, bytesOf('savings.pdf'));
    let text: string;
    try {
      text = execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8', maxBuffer: 1 << 26 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      context.skip('pdftotext is not installed');
      return;
    }
    const plain = (said: string): string => said.replace(/[\s\u00a0\u202f]+/g, '');
    const said = plain(text);
    for (const cell of [...tableOf('hosts').rows, ...tableOf('mechanisms').rows].flat())
      if (cell.value !== undefined) expect(said).toContain(plain(cell.text));
    expect(text).toContain('What did we save?');
    const pages = text.split('\f').slice(0, -1);
    expect(pages[0]).toContain('Savings over harm');
    expect(pages.length).toBeLessThanOrEqual(10);
  });

  test('the same figure has the same text wherever it stands', () => {
    const texts = new Map<string, string>();
    for (const { text, value, unit } of tables().flatMap(({ rows }) => rows.flat())) {
      if (value === undefined || unit === 'microseconds') continue;
      const key = `${value} ${unit ?? ''}`;
      expect(texts.get(key) ?? text).toBe(text);
      texts.set(key, text);
    }
  });
});

/** Where a column’s value stands in a CSV: each numeric column before it brings one for its unit. */
function placeOf(head: readonly string[], columns: ReportTable['columns'], index: number): number {
  let place = 0;
  for (const { title } of columns.slice(0, index)) place += head[place + 1] === `${title}, unit` ? 2 : 1;
  return place;
}
