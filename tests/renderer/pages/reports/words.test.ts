/** Forms, sentences and the command line of Reports, without a page. */
import { describe, expect, it } from 'vitest';
import { readWords } from '#core/cli/report.ts';
import { commandLine, takesMore } from '../../../../renderer/pages/reports/command-line.ts';
import { blobOf } from '../../../../renderer/pages/reports/download.ts';
import {
  emptyReport,
  formOfRequest,
  previewOf,
  reportErrors,
  reportInQuery,
  requestOf,
} from '../../../../renderer/pages/reports/report-form.ts';
import { byFormat, everyWords, requestWords, tableWord } from '../../../../renderer/pages/reports/report-words.ts';
import { reportsVerdict } from '../../../../renderer/pages/reports/reports-verdict.ts';
import {
  draftOf,
  formOfSchedule,
  newSchedule,
  scheduleErrors,
  switched,
} from '../../../../renderer/pages/reports/schedule-form.ts';
import { verdictText } from '../../../../renderer/parts/verdict.ts';
import { noon } from '../../../support/host-view.ts';
import { reportInfo, reportRequest, schedule } from './report-infos.ts';

describe('the form of a report', () => {
  it('comes out as the request it was made of', () => {
    for (const request of [
      reportRequest(),
      reportRequest({ kind: 'guest', hosts: ['a'], guests: [{ host: 'a', guest: 'x\ny' }], formats: ['csv'] }),
      reportRequest({ kind: 'change-impact', plans: ['p'], span: { from: noon - 60_000, to: noon } }),
    ])
      expect(requestOf(formOfRequest(request, noon))).toEqual(request);
  });
  it('takes what another page presets', () => {
    const form = reportInQuery({ kind: 'savings', last: '604800', hosts: 'a,b' }, noon);
    expect(requestOf(form)).toMatchObject({ kind: 'savings', span: { lastSeconds: 604_800 }, hosts: ['a', 'b'] });
    expect(reportInQuery({ kind: 'nonsense' }, noon).kind).toBe('savings');
  });
  it('says what is missing, and asks for nothing until it is there', () => {
    const some = { all: false, ids: [] };
    const form = { ...emptyReport(noon), kind: 'guest' as const, hosts: some, guests: some, plans: some, formats: [] };
    expect(Object.keys(reportErrors(form))).toEqual(['hosts', 'guests', 'formats']);
    expect(requestOf(form)).toBeUndefined();
    expect(Object.keys(reportErrors({ ...form, kind: 'change-impact' }))).toEqual(['hosts', 'plans', 'formats']);
  });
  it('sends only what its kind asks for', () => {
    const form = { ...emptyReport(noon), guests: { all: false, ids: ['a\nb'] }, plans: { all: false, ids: ['p'] } };
    expect(requestOf(form)).toMatchObject({ guests: [], plans: [] });
  });
  it('is previewed without a format, but not without hosts', () => {
    expect(previewOf({ ...emptyReport(noon), formats: [] })).toMatchObject({ formats: ['json'] });
    expect(previewOf({ ...emptyReport(noon), hosts: { all: false, ids: [] } })).toBeUndefined();
  });
});

describe('the command line', () => {
  const nameOf = (host: string) => ({ a: 'db-1', b: "it's; rm" })[host];
  const place = { nameOf, dataDir: undefined };
  it('asks for the same', () => {
    expect(commandLine(reportRequest(), place)).toBe(
      'npx tmem-console report savings --last 30d --format pdf,xlsx --out DIR',
    );
    expect(commandLine(reportRequest({ span: { lastSeconds: 5400 } }), place)).toContain('--last 90min');
    expect(commandLine(reportRequest({ span: { from: 0, to: 60_000 } }), place)).toContain(
      '--from 1970-01-01T00:00:00.000Z --to 1970-01-01T00:01:00.000Z',
    );
  });
  it('names the directory the console uses', () => {
    expect(commandLine(reportRequest(), { nameOf, dataDir: '/srv/my console' })).toContain(
      `--out DIR --data-dir '/srv/my console'`,
    );
  });
  it('is read by the command itself, word for word', () => {
    const now = Date.now();
    for (const request of [
      reportRequest({ hosts: ['a'], formats: ['csv', 'json'] }),
      reportRequest({ kind: 'change-impact', span: { lastSeconds: 5400 } }),
      reportRequest({ kind: 'inventory', span: { from: noon - 60_000, to: noon } }),
    ]) {
      const [, , , ...words] = commandLine(request, { nameOf, dataDir: '/srv/x' }).split(' ');
      const asked = readWords(words, now);
      const span = 'from' in request.span ? request.span : { from: now - request.span.lastSeconds * 1000, to: now };
      expect(asked).toMatchObject({ kind: request.kind, formats: request.formats, span, dataDir: '/srv/x' });
      expect(asked.hosts).toEqual(request.hosts.map(nameOf));
    }
  });
  it('says what it has more of', () => {
    expect(takesMore(reportRequest())).toBeUndefined();
    expect(takesMore(reportRequest({ guests: [{ host: 'a', guest: 'b' }] }))).toContain('all guests');
    expect(takesMore(reportRequest({ plans: ['p'] }))).toContain('all changes');
  });
  it('quotes what a shell would take apart, and names a host that is gone by its id', () => {
    expect(commandLine(reportRequest({ hosts: ['a', 'b', 'gone'] }), place)).toContain(
      `--host db-1 --host 'it'\\''s; rm' --host gone`,
    );
  });
});

describe('a schedule', () => {
  it('comes out of its form as it went in', () => {
    const one = schedule('s');
    const { title, request, every, weekday, minute, folder, enabled } = one;
    expect(draftOf(formOfSchedule(one, noon))).toEqual({ title, request, every, weekday, minute, folder, enabled });
    expect(switched(one).enabled).toBe(false);
  });
  it('has a span that moves on: one between two moments is replaced', () => {
    const fixed = formOfRequest(reportRequest({ span: { from: noon - 60_000, to: noon } }), noon);
    expect(draftOf(newSchedule(fixed, noon))?.request.span).toEqual({ lastSeconds: 30 * 86_400 });
  });
  it('says what is wrong with which field', () => {
    const form = newSchedule(emptyReport(noon), noon);
    expect(scheduleErrors(form)).toEqual({});
    const wrong = { ...form, title: ' ', time: '24:00', folder: 'reports', report: { ...form.report, formats: [] } };
    expect(Object.keys(scheduleErrors(wrong)).sort()).toEqual(['folder', 'formats', 'time', 'title']);
    expect(draftOf(wrong)).toBeUndefined();
    for (const folder of ['', '/srv/reports', 'C:\\reports', '\\\\server\\share'])
      expect(scheduleErrors({ ...form, folder })).toEqual({});
  });
  it('says when', () => {
    expect(everyWords(schedule('s'))).toBe('Every Monday at 06:00');
    expect(everyWords(schedule('s', { every: 'day', minute: 5 }))).toBe('Every day at 00:05');
    expect(everyWords(schedule('s', { every: 'month' }))).toBe('On the first of each month at 06:00');
  });
});

describe('words', () => {
  it('say what a request is about', () => {
    expect(requestWords(reportRequest())).toBe('Savings of all hosts, the last 30\u00a0days');
    expect(requestWords(reportRequest({ kind: 'guest', guests: [{ host: 'a', guest: 'b' }] }))).toContain(
      'of 1 guest,',
    );
  });
  it('say what there is, what is being made, what failed, and what is due next', () => {
    const verdict = (...args: Parameters<typeof reportsVerdict>) => verdictText(reportsVerdict(...args));
    expect(verdict([], [])).toBe('No report has been made yet.');
    expect(
      verdict(
        [reportInfo('a'), reportInfo('b', { state: 'making' }), reportInfo('c', { state: 'failed' })],
        [schedule('off', { enabled: false, title: 'Off' }), schedule('s')],
      ),
    ).toMatch(
      /^1 report is being made; 1 report is kept; 1 failed; Weekly savings is due at 2026\u201101\u201116\u00a0\d\d:00\.$/,
    );
  });
});

describe('files', () => {
  it('are listed by format; tables by what they are of', () => {
    const csv = (name: string) => ({ name, format: 'csv' as const, bytes: 1 });
    const files = [csv('savings-2026-11-24-hosts.csv'), { name: 'x.pdf', format: 'pdf' as const, bytes: 1 }, csv('b')];
    expect(byFormat(files).map(({ format, files: some }) => [format, some.length])).toEqual([
      ['pdf', 1],
      ['csv', 2],
    ]);
    expect(tableWord('change-impact-2026-11-24-what-moved.csv')).toBe('what-moved');
    expect(tableWord('hosts.csv')).toBe('hosts');
  });
});

describe('a file', () => {
  it('arrives byte for byte', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const blob = blobOf({ name: 'x', type: 'application/pdf', base64: Buffer.from(bytes).toString('base64') });
    expect(blob.type).toBe('application/pdf');
    expect(new Uint8Array(await blob.arrayBuffer())).toEqual(bytes);
  });
});
