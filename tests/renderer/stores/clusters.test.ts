import { flushPromises } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProblemError, problem } from '#shared/problem.ts';
import { useClusters } from '../../../renderer/stores/clusters.ts';
import { fakeConsole } from '../../support/fake-console.ts';
import { inApp } from '../../support/mount-page.ts';
import { member } from '../pages/clusters/members.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('clusters', () => {
  it('ask nothing until a page wants them, and then at most once a second', async () => {
    const fake = fakeConsole({ 'clusters.members': () => [member('a', { self: 0 })] });
    const clusters = inApp(fake, useClusters);
    fake.emit('clusters.moved', null);
    await vi.advanceTimersByTimeAsync(5000);
    expect(fake.calls).toEqual([]);
    clusters.ensure();
    clusters.ensure();
    await vi.advanceTimersByTimeAsync(0);
    expect(clusters.members.length).toBe(1);
    for (let told = 0; told < 10; told++) {
      fake.emit('clusters.moved', null);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(fake.calls.length).toBe(2);
    fake.emit('clusters.moved', null);
    await vi.advanceTimersByTimeAsync(1000);
    expect(fake.calls.length).toBe(3);
  });
  it('keep what they know while the core fails, and say so', async () => {
    const fake = fakeConsole({ 'clusters.members': () => [member('a', { self: 0 })] });
    const clusters = inApp(fake, useClusters);
    clusters.ensure();
    await vi.advanceTimersByTimeAsync(0);
    fake.answers['clusters.members'] = () => {
      throw new ProblemError(problem('internal', 'The console made a mistake.'));
    };
    fake.emit('clusters.moved', null);
    await vi.advanceTimersByTimeAsync(1000);
    expect(clusters.problem?.sentence).toBe('The console made a mistake.');
    expect(clusters.members.length).toBe(1);
  });
  it('lose the members of a removed host', async () => {
    const fake = fakeConsole({ 'clusters.members': () => [member('a', { self: 0 }), member('b', { self: 1 })] });
    const clusters = inApp(fake, useClusters);
    clusters.ensure();
    await vi.advanceTimersByTimeAsync(0);
    fake.emit('hosts.removed', ['id-a']);
    await flushPromises();
    expect(clusters.members.map(({ hostName }) => hostName)).toEqual(['b']);
  });
});
