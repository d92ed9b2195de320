import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { within } from '#electron/shell/deadline.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('is done when the work is, and leaves no timer behind', async () => {
  expect(await within(3000, Promise.resolve('closed'))).toBe('done');
  expect(vi.getTimerCount()).toBe(0);
});

it('is late when the work hangs', async () => {
  const waited = within(3000, new Promise(() => undefined));
  await vi.advanceTimersByTimeAsync(3000);
  expect(await waited).toBe('late');
});

it('passes on why the work failed', async () => {
  await expect(within(3000, Promise.reject(new Error('disk gone')))).rejects.toThrow('disk gone');
  expect(vi.getTimerCount()).toBe(0);
});
