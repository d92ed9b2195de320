import { flushPromises } from '@vue/test-utils';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ReportDocument } from '#shared/model/report.ts';
import { defaultSettings } from '#shared/model/settings.ts';
import { ProblemError, problem } from '#shared/problem.ts';
import ReportsPage from '../../../../renderer/pages/reports/ReportsPage.vue';
import { fakeConsole, type Answers } from '../../../support/fake-console.ts';
import { hostView, noon } from '../../../support/host-view.ts';
import { mountPage, type Mounted } from '../../../support/mount-page.ts';
import { labStatus } from '../../lab-status.ts';
import { reportInfo, schedule } from './report-infos.ts';

const preview: ReportDocument = {
  kind: 'savings',
  title: 'Savings',
  subject: '2 hosts',
  from: noon - 1,
  to: noon,
  madeAt: noon,
  madeBy: 'ann@desk',
  version: '0',
  lab: false,
  answers: [{ question: 'What did we save?', sentences: ['41.3 GiB <b>on average</b>.'] }],
  blocks: [],
  method: [],
};
const answers: Answers = {
  'settings.get': () => defaultSettings,
  'hosts.list': () => [hostView('db-1'), hostView('db-2')],
  'plans.list': () => [],
  'lab.status': () => null,
  'lab.scenarios': () => [],
  'history.entities': () => [],
  'reports.list': () => [reportInfo('a')],
  'reports.schedules': () => [],
  'reports.preview': () => preview,
  'console.info': () => ({
    version: '0',
    shell: 'browser',
    dataDir: '/var/lib/tmem',
    persistent: true,
    platform: 'linux',
    node: 'v24',
  }),
};
let mounted: Mounted | undefined;
afterEach(() => {
  mounted?.wrapper.unmount();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

async function show(more: Answers = {}, at = '/reports') {
  const fake = fakeConsole({ ...answers, ...more });
  mounted = await mountPage(ReportsPage, fake, { at });
  await flushPromises();
  const { wrapper, router } = mounted;
  const press = async (words: string) => {
    const button = [...document.querySelectorAll<HTMLElement>('button, a')].find((one) =>
      `${one.textContent} ${one.getAttribute('aria-label') ?? ''}`.includes(words),
    );
    (button ?? expect.fail(words)).click();
    await flushPromises();
  };
  const calls = (name: string) => fake.calls.filter((call) => call.name === name).map(({ args }) => args);
  const dialog = () => document.querySelector('[role="dialog"]')?.textContent ?? '';
  return { fake, wrapper, router, press, calls, dialog, text: () => wrapper.text().replace(/[\u00a0\u202f]/g, ' ') };
}

describe('the list of reports', () => {
  it('teaches where there is none', async () => {
    const { text, wrapper } = await show({ 'reports.list': () => [] });
    expect(text()).toContain('No reports yet');
    expect(wrapper.findAll('a').map((link) => link.attributes('href'))).toContain('/reports?show=new');
  });
  it('shows what each is about, with its files', async () => {
    const { text } = await show();
    expect(text()).toContain('1 report is kept.');
    expect(text()).toContain('Savings of all hosts, the last 30 days');
    expect(text()).toContain('PDF 121 KiB');
  });
  it('hands a file to the browser as it came', async () => {
    const { press, calls } = await show({
      'reports.read': ({ name }) => ({ name, type: 'application/pdf', base64: btoa('%PDF-1.7') }),
    });
    const made: Blob[] = [];
    vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
      made.push(blob as Blob);
      return 'blob:x';
    });
    const clicked = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
      this: HTMLAnchorElement,
    ) {
      expect(this.download).toBe('savings.pdf');
    });
    await press('PDF');
    expect(calls('reports.read')).toEqual([{ report: 'a', name: 'savings.pdf' }]);
    expect(clicked).toHaveBeenCalledOnce();
    expect(await made[0]?.text()).toBe('%PDF-1.7');
  });
  it('puts the tables of one format into one menu', async () => {
    const csv = (name: string) => ({ name, format: 'csv' as const, bytes: 10 });
    const { text } = await show({
      'reports.list': () => [reportInfo('a', { files: [csv('savings-2026-11-24-hosts.csv'), csv('b.csv')] })],
    });
    expect(text()).toContain('CSV 2 tables');
  });
  it('follows a report that is being made, and cancels it', async () => {
    const making = reportInfo('a', { state: 'making', progress: 0.4, step: 'Drawing charts', files: [] });
    const { text, press, calls, fake, wrapper } = await show({
      'reports.list': () => [making],
      'reports.cancel': () => null,
    });
    expect(text()).toContain('Being made 40 %Drawing charts');
    expect(wrapper.get('progress').element.value).toBe(0.4);
    await press('Cancel the report');
    expect(calls('reports.cancel')).toEqual([{ report: 'a' }]);
    fake.emit('reports.changed', [{ ...making, state: 'cancelled' }]);
    await flushPromises();
    expect(text()).toContain('Cancelled');
  });
  it('says why one failed, and what it notes about itself', async () => {
    const { text } = await show({
      'reports.list': () => [
        reportInfo('a', {
          state: 'failed',
          files: [],
          problem: problem('disk-full', 'The disk is full. Make room.', 'ENOSPC'),
          notes: ['Without a browser: laid out by the console itself.'],
        }),
      ],
    });
    for (const words of ['The disk is full. Make room.', 'ENOSPC', 'laid out by the console itself'])
      expect(text()).toContain(words);
  });
  it('removes one after saying what goes with it', async () => {
    const { press, dialog, calls, text } = await show({ 'reports.remove': () => null });
    await press('Remove Savings a');
    expect(dialog().replace(/\u00a0/g, ' ')).toContain('Its file (121 KiB) is deleted from the console.');
    expect(calls('reports.remove')).toEqual([]);
    await press('Remove the report');
    expect(calls('reports.remove')).toEqual([{ report: 'a' }]);
    expect(text()).toContain('No reports yet');
  });
  it('says what went wrong while loading', async () => {
    const { text } = await show({
      'reports.list': () => {
        throw new ProblemError(problem('internal', 'The console made a mistake.'));
      },
    });
    expect(text()).toContain('The console made a mistake.');
    expect(text()).toContain('Load the reports again');
  });
});

describe('a new report', () => {
  it('is preset by the page one comes from, previewed, and shown as a command', async () => {
    const { calls, text } = await show({}, '/reports?show=new&kind=savings&last=604800&hosts=id-db-1');
    expect(calls('reports.preview')).toMatchObject([
      { request: { kind: 'savings', span: { lastSeconds: 604_800 }, hosts: ['id-db-1'] } },
    ]);
    expect(text()).toContain('41.3 GiB <b>on average</b>.');
    expect(text()).toContain(
      'npx tmem-console report savings --last 7d --host db-1 --format pdf,xlsx --out DIR --data-dir /var/lib/tmem',
    );
  });
  it('has no command while a lab is open: its history is in memory', async () => {
    const { text } = await show({ 'lab.status': () => labStatus() }, '/reports?show=new');
    expect(text()).toContain('a shell makes reports of your own hosts only');
    expect(text()).not.toContain('npx tmem-console');
  });
  it('is made with what was chosen, and is then in the list', async () => {
    const { wrapper, press, calls, router } = await show(
      { 'reports.make': ({ request }) => reportInfo('new', { request, state: 'waiting', files: [] }) },
      '/reports?show=new',
    );
    await wrapper.get('input[value="host-health"]').setValue();
    await wrapper.get('input[value="xlsx"]').setValue(false);
    await wrapper.get('form').trigger('submit');
    await flushPromises();
    expect(calls('reports.make')).toMatchObject([{ request: { kind: 'host-health', formats: ['pdf'], hosts: [] } }]);
    expect(router.currentRoute.value.fullPath).toBe('/reports');
    expect(wrapper.text()).toContain('Waits for its turn');
    await press('New report');
  });
  it('says what is missing instead of asking', async () => {
    const { wrapper, calls, text } = await show({}, '/reports?show=new');
    for (const format of ['pdf', 'xlsx']) await wrapper.get(`input[value="${format}"]`).setValue(false);
    expect(text()).not.toContain('Choose at least one format.');
    await wrapper.get('form').trigger('submit');
    expect(text()).toContain('Choose at least one format.');
    expect(calls('reports.make')).toEqual([]);
  });
  it('offers guests and changes only where they matter', async () => {
    const { wrapper, text } = await show({}, '/reports?show=new');
    expect(text()).not.toContain('Changes within the span');
    await wrapper.get('input[value="change-impact"]').setValue();
    expect(text()).toContain('Changes within the span');
    await wrapper.get('input[value="guest"]').setValue();
    expect(wrapper.findAll('legend').map((one) => one.text())).toContain('Guests');
  });
  it('drops a preview of what the form said before', async () => {
    vi.useFakeTimers();
    let late: ((document: ReportDocument) => void) | undefined;
    const { wrapper, text } = await show(
      {
        'reports.preview': ({ request }) =>
          request.kind === 'savings'
            ? new Promise((resolve) => (late = resolve))
            : { ...preview, answers: [{ question: 'Which hosts?', sentences: ['None.'] }] },
      },
      '/reports?show=new',
    );
    await wrapper.get('input[value="host-health"]').setValue();
    await vi.advanceTimersByTimeAsync(500);
    late?.(preview);
    await vi.advanceTimersByTimeAsync(0);
    expect(text()).toContain('Which hosts?');
    expect(text()).not.toContain('What did we save?');
  });
  it('shows why there is no preview', async () => {
    const { text } = await show(
      {
        'reports.preview': () => {
          throw new ProblemError(problem('not-found', 'No such host has a history.'));
        },
      },
      '/reports?show=new',
    );
    expect(text()).toContain('No such host has a history.');
  });
});

describe('schedules', () => {
  const at = '/reports?show=schedules';
  it('say when, of what, where to, and when next', async () => {
    const { text } = await show({ 'reports.schedules': () => [schedule('s')] }, at);
    for (const words of ['Every Monday at 06:00', 'as PDF, XLSX', '/srv/reports', '2026-01-16'])
      expect(text()).toContain(words);
  });
  it('are switched off, keeping the rest', async () => {
    const { wrapper, calls } = await show(
      { 'reports.schedules': () => [schedule('s')], 'reports.schedule': ({ draft }) => schedule('s', draft) },
      at,
    );
    await wrapper.get('input[role="switch"]').setValue(false);
    await flushPromises();
    expect(calls('reports.schedule')).toMatchObject([
      { id: 's', draft: { enabled: false, title: 'Weekly savings', folder: '/srv/reports' } },
    ]);
    expect(wrapper.get('tbody tr').text()).toContain('—');
  });
  it('are added with what was filled in, and the core’s refusal is shown where it was asked', async () => {
    const { press, calls, dialog } = await show(
      {
        'reports.schedule': () => {
          throw new ProblemError(problem('file-unwritable', 'There is no folder /srv/reports. Make it first.'));
        },
      },
      at,
    );
    await press('Add a schedule');
    const field = (label: string) => {
      const one = [...document.querySelectorAll('[role="dialog"] label')].find((el) => el.textContent === label);
      return document.getElementById(one?.getAttribute('for') ?? '') as HTMLInputElement;
    };
    const type = async (label: string, text: string) => {
      field(label).value = text;
      field(label).dispatchEvent(new Event('input'));
      await flushPromises();
    };
    await type('Name', '');
    await press('Keep the schedule');
    expect(dialog()).toContain('A name is needed');
    expect(calls('reports.schedule')).toEqual([]);
    await type('Name', 'For the board');
    await type('Folder for a copy', '/srv/reports');
    await press('Keep the schedule');
    expect(calls('reports.schedule')).toMatchObject([
      { draft: { title: 'For the board', every: 'week', weekday: 1, minute: 360, folder: '/srv/reports' } },
    ]);
    expect(dialog()).toContain('There is no folder /srv/reports. Make it first.');
    const folder = field('Folder for a copy');
    const beside = () => document.getElementById(folder.getAttribute('aria-describedby') ?? '')?.textContent;
    expect(beside()).toBe('There is no folder /srv/reports. Make it first.');
    expect(document.activeElement).toBe(folder);
    await type('Folder for a copy', '/srv/others');
    expect(beside()).toMatch(/^On the machine/);
  });
  it('are removed after saying what stays', async () => {
    const { press, dialog, calls } = await show(
      { 'reports.schedules': () => [schedule('s')], 'reports.unschedule': () => null },
      at,
    );
    await press('Remove Weekly savings');
    expect(dialog()).toContain('The reports it has made stay.');
    await press('Remove the schedule');
    expect(calls('reports.unschedule')).toEqual([{ id: 's' }]);
  });
  it('are left alone while a lab is open: its hosts are not theirs', async () => {
    const { text, wrapper } = await show({ 'lab.status': () => labStatus() }, at);
    expect(text()).toContain('Leave the lab to add or change one.');
    const add = wrapper.findAll('button').find((one) => one.text() === 'Add a schedule');
    expect(add?.attributes('disabled')).toBeDefined();
  });
});
