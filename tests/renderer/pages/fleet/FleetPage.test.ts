import { flushPromises } from '@vue/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import type { HostView } from '#shared/model/host.ts';
import { defaultSettings } from '#shared/model/settings.ts';
import { bytes, epochMs } from '#shared/units.ts';
import { ProblemError, problem } from '#shared/problem.ts';
import FleetPage from '../../../../renderer/pages/fleet/FleetPage.vue';
import { linesOf } from '../../../../renderer/pages/fleet/use-fleet-series.ts';
import { fakeConsole, type Answers } from '../../../support/fake-console.ts';
import { GiB, hostView, noon, states } from '../../../support/host-view.ts';
import { mountPage, type Mounted } from '../../../support/mount-page.ts';
import { draftOf, plan, runOf } from '../../../support/plan-views.ts';
import { labStatus, scenarios } from '../../lab-status.ts';

const answers: Answers = {
  'settings.get': () => defaultSettings,
  'samples.catalogue': () => [],
  'samples.fleet': () => ({
    at: [epochMs(noon)],
    signals: { 'saved.compressed': [12 * GiB], 'harm.psi-some': [null] },
  }),
};
let mounted: Mounted | undefined;
afterEach(() => mounted?.wrapper.unmount());

async function show(hosts: readonly HostView[], more: Answers = {}) {
  const fake = fakeConsole({ ...answers, 'hosts.list': () => hosts, ...more });
  mounted = await mountPage(FleetPage, fake);
  await flushPromises();
  const { wrapper } = mounted;
  const row = (name: string) =>
    wrapper.findAll('tbody tr').find((one) => one.text().startsWith(name)) ?? expect.fail(name);
  return { fake, wrapper, row, text: () => wrapper.text().replace(/\u00a0/g, ' ') };
}

describe('the Fleet page', () => {
  it('teaches where there are no hosts, and leads to adding one', async () => {
    const { wrapper, text } = await show([]);
    expect(text()).toContain('No hosts yet');
    expect(wrapper.findAll('a').map((link) => [link.text(), link.attributes('href')])).toEqual([
      ['Add a host', '/add-host'],
      ['Import from ~/.ssh/config', '/import-hosts'],
    ]);
  });
  it('opens the lab’s first scenario in one click, or the one that is chosen', async () => {
    const lab: Answers = { 'lab.status': () => null, 'lab.scenarios': () => scenarios, 'lab.open': () => labStatus() };
    const { wrapper, fake, text } = await show([], lab);
    const press = async (words: string) => {
      const button = wrapper.findAll('button').find((one) => one.text().startsWith(words)) ?? expect.fail(words);
      await button.trigger('click');
      await flushPromises();
      return fake.calls.at(-1);
    };
    expect(text()).toContain('or choose a scenario');
    expect(text()).toContain('Everybody logs in at nine. Watch the pressure.');
    expect(await press('Open the lab')).toEqual({ name: 'lab.open', args: { scenario: 'tour' } });
    expect(await press('Donor lost')).toEqual({ name: 'lab.open', args: { scenario: 'donor-lost' } });
  });
  it('says why the lab could not be opened', async () => {
    const { wrapper, text } = await show([], {
      'lab.status': () => null,
      'lab.scenarios': () => scenarios,
      'lab.open': () => {
        throw new ProblemError(problem('internal', 'No port is free on this machine.'));
      },
    });
    await wrapper
      .findAll('button')
      .find((one) => one.text() === 'Open the lab')
      ?.trigger('click');
    await flushPromises();
    expect(text()).toContain('No port is free on this machine.');
  });
  it('shows a host with its figures, absent ones as absent', async () => {
    const { row } = await show([
      hostView('db-1', {
        signals: { 'memory.total': 128 * GiB, 'memory.available': 28 * GiB, 'saved.compressed': 12 * GiB },
        summary: { guests: 3, worstGuest: { key: 'k', name: '<b>ora</b>', pays: bytes(9 * GiB) } },
      }),
      hostView('db-2'),
    ]);
    const cells = row('db-1')
      .findAll('td')
      .map((cell) => cell.text().replace(/\u00a0/g, ' '));
    expect(cells[1]).toBe('100 of 128 GiB');
    expect(cells[2]).toBe('12.0 GiB');
    expect(cells[3]).toContain('—');
    expect(cells.slice(4)).toEqual(['3', '<b>ora</b>9.00 GiB']);
    expect(row('db-1').find('b').exists()).toBe(false);
    expect(
      row('db-2')
        .findAll('td')
        .map((cell) => cell.text()),
    ).toEqual(['Live', '—', '—', '—', '—', '—']);
  });
  it('says what keeps a host away and does the next step', async () => {
    const { wrapper, text, fake } = await show([hostView('db-1', { state: states.waiting })], {
      'hosts.connect': () => null,
    });
    expect(text()).toContain('db-1 cannot be reached.');
    await wrapper
      .findAll('button')
      .find((button) => button.text() === 'Try now')
      ?.trigger('click');
    expect(fake.calls.at(-1)).toEqual({ name: 'hosts.connect', args: { host: 'id-db-1' } });
  });
  it('says at the host why the next step failed', async () => {
    const { wrapper, text } = await show([hostView('db-1', { state: states.off })], {
      'hosts.connect': () => {
        throw new ProblemError(problem('conflict', 'This host is being removed.'));
      },
    });
    await wrapper
      .findAll('button')
      .find((button) => button.text() === 'Connect')
      ?.trigger('click');
    await flushPromises();
    expect(text()).toContain('This host is being removed.');
  });
  it('follows changes without being asked', async () => {
    const { fake, text, wrapper } = await show([hostView('db-1', { state: states.connecting })]);
    expect(text()).toContain('Connecting: logging in as root.');
    fake.emit('hosts.changed', [hostView('db-1', { signals: { 'memory.total': 64 * GiB } })]);
    await wrapper.vm.$nextTick();
    expect(text()).toContain('Watching 64.0 GiB on 1 host');
  });
  it('filters by what is typed', async () => {
    const { wrapper, text } = await show([hostView('db-1'), hostView('web-1')]);
    await wrapper.find('input[type="search"]').setValue('web');
    expect(text()).toContain('1 of 2');
    await wrapper.find('input[type="search"]').setValue('nothing');
    expect(text()).toContain('No host matches.');
  });
  it('says so when the hosts cannot be loaded, and loads them again', async () => {
    let broken = true;
    const { wrapper, text } = await show([], {
      'hosts.list': () => {
        if (broken) throw new ProblemError(problem('internal', 'The console made a mistake.'));
        return [hostView('db-1')];
      },
    });
    expect(text()).toContain('The console made a mistake.');
    broken = false;
    await wrapper.find('button').trigger('click');
    await flushPromises();
    expect(text()).toContain('db-1');
  });
  it('asks for the fleet again once per interval, and not after it is gone', async () => {
    const { fake } = await show([hostView('db-1')]);
    mounted?.wrapper.unmount();
    const asked = fake.calls.filter(({ name }) => name === 'samples.fleet').length;
    fake.reopen();
    await flushPromises();
    expect(fake.calls.filter(({ name }) => name === 'samples.fleet').length).toBe(asked);
  });
});

describe('what changed today', () => {
  const midnight = new Date().setHours(0, 0, 0, 0);
  const began = (id: string, at: number, given = {}) =>
    runOf(plan(id, { letter: id.toUpperCase(), ...given }), 'kept', {
      startedAt: epochMs(at),
      endedAt: epochMs(at + 1000),
    });
  it('lists what was begun or ended since midnight, each with the way to it', async () => {
    const { wrapper } = await show([hostView('db-1')], {
      'plans.list': () => [
        began('a', midnight + 1),
        began('b', midnight - 3_600_000),
        began('c', midnight - 500),
        draftOf(plan('d')),
      ],
    });
    const links = wrapper.findAll('[aria-label="What changed today"] li a');
    expect(links.map((link) => link.attributes('href'))).toEqual(['/changes/a', '/changes/c']);
    expect(wrapper.find('[aria-label="What changed today"] li').text()).toContain('on db-1, by bob@desk');
  });
  it('says so when it was nothing', async () => {
    const { wrapper } = await show([hostView('db-1')], { 'plans.list': () => [] });
    expect(wrapper.find('[aria-label="What changed today"]').text()).toContain('Nothing.');
  });
  it('names what a plan is called, whatever it is called', async () => {
    const { wrapper } = await show([hostView('db-1')], {
      'plans.list': () => [began('a', midnight + 1, { title: '<img src=x>' })],
    });
    expect(wrapper.find('[aria-label="What changed today"]').text()).toContain('<img src=x>');
    expect(wrapper.find('img').exists()).toBe(false);
  });
});

describe('fleet series', () => {
  it('keep gaps, and say that they are sums or the worst', () => {
    expect(linesOf({ at: [epochMs(1)], signals: { 'saved.merged': [null], 'harm.psi-some': [4] } })).toEqual({
      'saved.merged': { at: [1], values: [null], source: 'the sum over all hosts' },
      'harm.psi-some': { at: [1], values: [4], source: 'the worst of all hosts' },
    });
  });
});
