/**
 * Addresses of guests and hosts for the rows of a table. A RouterLink resolves its route anew whenever its row changes,
 * which is most of the work of a fast scroll; here each kind of address is resolved once and filled in.
 */
import { useRouter } from 'vue-router';
import type { GuestRow } from '#shared/model/guest-row.ts';

export function useRowLinks() {
  const router = useRouter();
  // Words that need no encoding and stand in no address of ours.
  const guestAddress = router.resolve({ name: 'guest', params: { host: 'HOST_ID', guest: 'GUEST_KEY' } }).href;
  const hostAddress = router.resolve({ name: 'host', params: { host: 'HOST_ID' } }).href;
  const fill = (address: string, word: string, value: string): string =>
    address.replace(word, () => encodeURIComponent(value));

  return {
    guest: (row: GuestRow): string => fill(fill(guestAddress, 'HOST_ID', row.host), 'GUEST_KEY', row.key),
    host: (row: GuestRow): string => fill(hostAddress, 'HOST_ID', row.host),
    /** A plain click stays in the page; with a modifier the browser does what it does with links. */
    follow(event: MouseEvent): void {
      const link = event.currentTarget;
      if (!(link instanceof HTMLAnchorElement) || event.button !== 0) return;
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      const href = link.getAttribute('href') ?? '';
      void router.push(href.startsWith('#') ? href.slice(1) : href);
    },
  };
}
