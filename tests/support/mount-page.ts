/** Mounts a page or part as the app would: with its stores, its router in memory, and a fake core behind it. */
import { mount, type VueWrapper } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { createApp, type Component } from 'vue';
import { createMemoryHistory, type RouteLocationRaw, type Router } from 'vue-router';
import { linkKey } from '../../renderer/console.ts';
import { createConsoleRouter } from '../../renderer/routes.ts';
import type { FakeConsole } from './fake-console.ts';

export interface Mounted {
  readonly wrapper: VueWrapper;
  readonly router: Router;
}

export async function mountPage(
  component: Component,
  fake: FakeConsole,
  options: { readonly props?: Record<string, unknown>; readonly at?: RouteLocationRaw } = {},
): Promise<Mounted> {
  const router = createConsoleRouter(createMemoryHistory());
  await router.push(options.at ?? { name: 'fleet' });
  const wrapper = mount(component, {
    attachTo: document.body,
    ...(options.props === undefined ? {} : { props: options.props }),
    global: { plugins: [createPinia(), router], provide: { [linkKey as symbol]: fake.link } },
  });
  return { wrapper, router };
}

/** Runs something that uses stores, as if inside the app. */
export function inApp<Result>(fake: FakeConsole, run: () => Result): Result {
  const app = createApp({});
  app.use(createPinia()).provide(linkKey, fake.link);
  return app.runWithContext(run);
}
