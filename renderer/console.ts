/** How pages and stores speak to the core: typed calls, and subscriptions that end with the scope that made them. */
import { getCurrentScope, inject, onScopeDispose, type InjectionKey } from 'vue';
import type { Link } from './door/link.ts';

export const linkKey: InjectionKey<Link> = Symbol('link to the core');

export function useConsole(): Link {
  const link = inject(linkKey);
  if (link === undefined) throw new Error('useConsole() outside the console app');
  const untilDisposed = (stop: () => void): (() => void) => {
    if (getCurrentScope() !== undefined) onScopeDispose(stop);
    return stop;
  };
  return {
    state: link.state,
    call: link.call,
    on: (name, listen) => untilDisposed(link.on(name, listen)),
    onOpen: (listen) => untilDisposed(link.onOpen(listen)),
  };
}
