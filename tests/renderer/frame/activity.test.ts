import { flushPromises } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { epochMs } from '#shared/units.ts';
import { problem } from '#shared/problem.ts';
import { activity } from '../../../renderer/frame/activity.ts';
import ActivityLink from '../../../renderer/frame/ActivityLink.vue';
import { fakeConsole } from '../../support/fake-console.ts';
import { noon } from '../../support/host-view.ts';
import { mountPage, type Mounted } from '../../support/mount-page.ts';
import { draftOf, plan, runOf } from '../../support/plan-views.ts';

const compress = plan('p1', { letter: 'C', title: 'Compress' });

describe('what the frame says', () => {
  it('is nothing where nothing runs', () => {
    expect(activity([draftOf(compress), runOf(compress, 'kept'), runOf(compress, 'undone')], noon)).toBeUndefined();
  });
  it('is the one that runs, with the time its host leaves, and leads there', () => {
    expect(activity([runOf(compress, 'watching')], noon)).toMatchObject({
      words: 'C: watching',
      countdown: '1:42',
      tone: 'busy',
      to: { name: 'plan', params: { plan: 'p1' } },
    });
  });
  it('is how many run, with the nearest time of all, and leads to them', () => {
    const hosts = [
      { host: 'a', state: 'armed' as const, deadlineAt: epochMs(noon + 40_000) },
      { host: 'b', state: 'kept' as const, deadlineAt: epochMs(noon + 5_000) },
    ];
    expect(activity([runOf(compress, 'watching'), runOf(plan('p2'), 'applying', { hosts })], noon)).toMatchObject({
      words: '2 changes are running',
      countdown: '0:40',
      to: { name: 'changes', query: { state: 'running' } },
    });
  });
  it('tells for a while of one that was undone without being asked, with the reason', () => {
    const undone = runOf(compress, 'undone', { problem: problem('guard-tripped', 'The guard tripped on db-1.') });
    expect(activity([undone], noon + 60_000)).toMatchObject({
      words: 'C: undone',
      tone: 'warn',
      about: 'The guard tripped on db-1.',
    });
    expect(activity([undone], noon + 11 * 60_000)).toBeUndefined();
  });
  it('tells of one whose outcome is not known for as long as that is so', () => {
    expect(activity([runOf(compress, 'unknown')], noon + 86_400_000)).toMatchObject({
      words: 'C: unknown',
      tone: 'warn',
    });
  });
});

describe('the link in the frame', () => {
  let mounted: Mounted | undefined;
  beforeEach(() => vi.useFakeTimers({ now: noon }));
  afterEach(() => {
    mounted?.wrapper.unmount();
    vi.useRealTimers();
  });
  it('counts down each second, and follows the run from any page', async () => {
    const fake = fakeConsole({ 'plans.list': () => [] });
    mounted = await mountPage(ActivityLink, fake);
    await flushPromises();
    const link = () => mounted?.wrapper.find('a');
    expect(link()?.exists()).toBe(false);
    fake.emit('plans.changed', [runOf(compress, 'watching')]);
    await flushPromises();
    expect([link()?.text(), link()?.attributes('href')]).toEqual(['C: watching1:42', '/changes/p1']);
    await vi.advanceTimersByTimeAsync(3000);
    expect(link()?.text()).toBe('C: watching1:39');
    fake.emit('plans.changed', [runOf(compress, 'kept')]);
    await flushPromises();
    expect(link()?.exists()).toBe(false);
  });
});
