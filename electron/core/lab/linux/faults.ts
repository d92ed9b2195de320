/** One second of one guest: it grows or shrinks, touches memory, reads files; what is not in RAM has to come back. */
import type { Guest } from './guest.ts';
import type { KvmState } from './kvm-state.ts';
import { freeCached, release, swapIn } from './swap-out.ts';

/** Hot pages that were taken away come back at most this fast: seconds for all of them. */
const hotSeconds = 8;
/** Pages in the swap cache that are written to again in a second. */
const written = 1 / 40;

export function guestSecond(host: KvmState, guest: Guest): void {
  resize(host, guest);
  touch(host, guest);
  if (guest.wantFile > 0) readFiles(host, guest);
  if (guest.cachedZswap + guest.cachedDevice > 0) freeCached(host, guest, written);
}

function resize(host: KvmState, guest: Guest): void {
  const total = guest.resident + guest.zswapped + guest.marked + guest.onDevice;
  const missing = guest.wantAnon - total;
  if (missing > 0) {
    const pace = guest.promised >> 6;
    const grown = host.allot(missing < pace ? missing : pace);
    guest.resident += grown;
    guest.group.faults += grown;
    host.faults += grown;
  } else if (missing < -(guest.promised >> 7)) {
    const pace = guest.promised >> 7;
    release(host, guest, -missing < pace ? -missing : pace);
  }
}

function touch(host: KvmState, guest: Guest): void {
  const out = guest.zswapped + guest.marked + guest.onDevice;
  if (out === 0) return;
  const total = guest.resident + out;
  const hotOut = guest.wantHot - guest.resident;
  const cold = total - guest.wantHot;
  let wanted = hotOut > 0 ? Math.ceil(hotOut / hotSeconds) : 0;
  if (cold > 0) {
    // What was taken is what is touched least: the chance to meet it falls with the square of its share.
    const share = Math.min(1, out / cold);
    guest.owedTouches += guest.touches * share * share;
    const owed = Math.floor(guest.owedTouches);
    guest.owedTouches -= owed;
    wanted += owed;
  }
  if (wanted <= 0) return;
  // A second is over when all of it was spent waiting.
  const slow = guest.onDevice / out;
  const most = Math.floor(0.9 / (slow * 90e-6 + (1 - slow) * 12e-6));
  wanted = Math.min(wanted, out, most);
  const given = host.allot(wanted);
  if (given < wanted) guest.lost += 0.2;
  swapIn(host, guest, given);
}

function readFiles(host: KvmState, guest: Guest): void {
  if (guest.file > guest.wantFile) return;
  guest.owedReads += guest.reads * (1 - guest.file / guest.wantFile);
  const owed = Math.floor(guest.owedReads);
  if (owed === 0) return;
  guest.owedReads -= owed;
  const given = host.allot(Math.min(owed, guest.wantFile - guest.file));
  guest.file += given;
  const again = Math.min(guest.shadows, given);
  guest.shadows -= again;
  guest.group.refaultFile += again;
  host.readKiB += given * 4;
  guest.lost += again * 90e-6;
}
