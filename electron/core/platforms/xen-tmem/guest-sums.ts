/** What all guests of a host were promised, are allowed and take: sums over guests. derive.ts calls it. */
import type { GuestReading } from '#shared/model/guest.ts';
import { beyondOf } from './guests.ts';
import type { Values } from './values.ts';

const sum = (parts: readonly number[]): number => parts.reduce((so, part) => so + part, 0);

/** docs/domain.md 5.1 ballooned, overcommit */
export function guestSums(out: Values, guests: readonly GuestReading[]): void {
  const promised = guests.flatMap((guest) => guest.promised?.bytes ?? []);
  if (promised.length > 0)
    out.put('xen-tmem.guests.promised', sum(promised), `Σ promised over ${String(promised.length)} guests`);
  takenBy(out, guests);
  ballooned(out, guests);
}

function takenBy(out: Values, guests: readonly GuestReading[]): void {
  const known = guests.flatMap(({ promised, allowed, pays: { resident } }) => {
    const current = allowed ?? promised;
    return current && resident ? { current: current.bytes, taken: resident.bytes } : [];
  });
  if (known.length === 0) return;
  const over = `over ${String(known.length)} guests`;
  out.put('xen-tmem.guests.current', sum(known.map(({ current }) => current)), `Σ allowed, else promised, ${over}`);
  out.put('xen-tmem.guests.taken', sum(known.map(({ taken }) => taken)), `Σ Mem ${over}`);
}

function ballooned(out: Values, guests: readonly GuestReading[]): void {
  const known = guests.flatMap(({ promised, allowed, pays: { resident } }) =>
    promised && allowed ? { promised: promised.bytes, allowed: allowed.bytes, resident: resident?.bytes } : [],
  );
  if (known.length === 0) return;
  const away = sum(known.map(({ promised, allowed }) => promised - allowed));
  out.put('xen-tmem.saved.ballooned', away, `Σ promised − allowed over ${String(known.length)} guests`);
  const whole = known.flatMap(({ promised, allowed, resident }) =>
    resident === undefined ? [] : { promised, allowed, resident },
  );
  if (whole.length === 0) return;
  const over = `over ${String(whole.length)} guests`;
  out.put('xen-tmem.balloon.promised', sum(whole.map(({ promised }) => promised)), `Σ promised ${over}`);
  out.put('xen-tmem.balloon.allowed', sum(whole.map(({ allowed }) => allowed)), `Σ allowed ${over}`);
  const beyond = sum(whole.map(({ promised, allowed, resident }) => beyondOf(promised, allowed, resident)));
  out.put('xen-tmem.balloon.beyond', beyond, `Σ Mem − allowed, of what was ballooned away, ${over}`);
}
