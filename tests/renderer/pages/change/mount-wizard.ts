/** A wizard in front of a fake core: hosts h1 (may be changed) and h2 (watched only), thirty guests on h1. */
import { flushPromises } from '@vue/test-utils';
import { expect } from 'vitest';
import type { HostView } from '#shared/model/host.ts';
import type { WishTarget, WizardId } from '#shared/model/wish.ts';
import ChangeWizard from '../../../../renderer/pages/change/ChangeWizard.vue';
import { changeRoute, type ChangeAddress } from '../../../../renderer/pages/change/change-route.ts';
import { fakeConsole, type Answers } from '../../../support/fake-console.ts';
import { guestRow, hostView } from '../../../support/guest-rows.ts';
import { mountPage } from '../../../support/mount-page.ts';
import { draft, form, offer, plan, view } from './plan-drafts.ts';

export const operator = (id: string): HostView => hostView(id, { config: { role: 'operator' } });
export const thirty: readonly WishTarget[] = Array.from({ length: 30 }, (_, n) => ({
  host: 'h1',
  guest: `libvirt:${n}`,
}));
const fitting = (targets: readonly WishTarget[]) =>
  offer('w', { recommended: true, of: targets[0]?.guest === undefined ? 'host' : 'guest' });

export async function mountWizard(wizard: WizardId, address: ChangeAddress = {}, more: Answers = {}) {
  const fake = fakeConsole({
    'hosts.list': () => [operator('h1'), hostView('h2')],
    'guests.changes': () => ({
      revision: 1,
      rows: thirty.map(({ guest = '' }, n) => guestRow({ key: guest, name: `vm-${n}` })),
      gone: [],
    }),
    'plans.offers': ({ targets }) => [fitting(targets)],
    'plans.form': ({ targets }) => form(fitting(targets)),
    'plans.draft': ({ wish }) => draft(plan(wish.targets)),
    'plans.create': ({ wish }) => view(plan(wish.targets)),
    'plans.apply': () => view(plan([])),
    'plans.remove': () => null,
    'plans.list': () => [],
    ...more,
  });
  const { wrapper, router } = await mountPage(ChangeWizard, fake, {
    at: changeRoute(wizard, address),
    props: { wizard },
  });
  await flushPromises();
  const button = (words: string) =>
    wrapper.findAll('button').find((one) =>
      one
        .text()
        .replace(/\u00a0/g, ' ')
        .startsWith(words),
    );
  const press = async (words: string) => {
    const found = button(words) ?? expect.fail(`no button "${words}" in: ${wrapper.text()}`);
    if (found.attributes('type') === 'submit') await wrapper.get('form').trigger('submit');
    else await found.trigger('click');
    await flushPromises();
  };
  const key = async (name: string, more: KeyboardEventInit = {}) => {
    const event = new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true, ...more });
    (document.activeElement ?? document.body).dispatchEvent(event);
    await flushPromises();
  };
  return {
    fake,
    wrapper,
    router,
    button,
    press,
    key,
    text: () =>
      wrapper
        .text()
        .replace(/\u00a0/g, ' ')
        .replace(/\s+/g, ' '),
    stepNow: () => wrapper.get('[aria-current="step"]').text().slice(1),
    asked: (name: string) => fake.calls.filter((call) => call.name === name).map(({ args }) => args),
    input: (label: string) => {
      const found = wrapper.findAll('label').find((one) => one.text().startsWith(label));
      const id =
        found?.attributes('for') ?? found?.find('input').attributes('id') ?? expect.fail(`no field "${label}"`);
      return wrapper.get<HTMLInputElement>(`[id="${id}"]`);
    },
  };
}
