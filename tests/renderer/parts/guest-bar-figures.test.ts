import { mount } from '@vue/test-utils';
import { afterEach, expect, it } from 'vitest';
import GuestBar from '../../../renderer/parts/GuestBar.vue';
import { gibibytes, said } from '../../support/guest-rows.ts';

afterEach(() => document.body.replaceChildren());

const truths = {
  promised: said(gibibytes(8), 'virsh dominfo'),
  pays: { resident: said(gibibytes(4), '/sys/fs/cgroup/a/memory.current', Date.now() - 120_000) },
};

it('tells the figures, who says them and their age on focus, and takes them away on Esc', async () => {
  const bar = mount(GuestBar, {
    attachTo: document.body,
    props: { truths, unknown: ['Balloon statistics are off.'], large: true },
  });
  expect(bar.attributes('aria-label')).toBe(
    'The host pays 4.00\u00a0GiB resident; the balloon allows unknown; the guest uses unknown; promised 8.00\u00a0GiB',
  );
  await bar.trigger('focus');
  const words = document.querySelector('[role="tooltip"]')?.textContent ?? '';
  expect(words).toContain('/sys/fs/cgroup/a/memory.current');
  expect(words).toContain('2\u00a0min ago');
  expect(words).toContain('Nobody says.');
  expect(words).toContain('Balloon statistics are off.');
  await bar.trigger('keydown', { key: 'Escape' });
  expect(document.querySelector('[role="tooltip"]')).toBeNull();
  bar.unmount();
});

it('says in words that figures are old', () => {
  const bar = mount(GuestBar, { props: { truths, stale: true } });
  expect(bar.attributes('aria-label')).toContain('the figures are old');
});
