/** What the pages and the reports call the same things by the same words. */
import type { Mechanism } from './ledger.ts';
import type { SignalId } from './metric.ts';

export const signalTitles: { readonly [signal in SignalId]: string } = {
  'memory.total': 'Memory',
  'memory.available': 'Memory available',
  'swap.total': 'Swap',
  'swap.used': 'Swap used',
  'saved.compressed': 'Saved by compressing',
  'saved.merged': 'Saved by merging',
  'saved.remote': 'Kept in other machines',
  'saved.ballooned': 'Taken back by balloons',
  'capacity.ephemeral': 'Cache gained',
  'harm.psi-some': 'Some tasks wait for memory',
  'harm.psi-full': 'All tasks wait for memory',
  'harm.swap-in': 'Pages back from swap',
  'harm.swap-out': 'Pages out to swap',
  'harm.refaults': 'Refaults',
  'harm.rejects': 'Rejects',
  'harm.oom-kills': 'OOM kills',
};

export const mechanismTitles: { readonly [mechanism in Mechanism]: string } = {
  zswap: 'zswap',
  zram: 'zram',
  ksm: 'KSM',
  balloon: 'Balloon',
  zcache: 'zcache',
  'tmem-persistent': 'tmem, persistent',
  'tmem-ephemeral': 'tmem, ephemeral',
  ramster: 'RAMster',
  cleancache: 'cleancache',
  frontswap: 'frontswap',
};
