/**
 * What today's Linux saves and what that costs, as rules of the ledger; index.ts hands them to the ledger room. The
 * formulas are those of docs/domain.md 5.1, named at each rule; the topics are in ledger/.
 */
import type { LedgerRules, RatioRule } from '../ledger.ts';
import { mean } from '../ledger.ts';
import { balloon } from './ledger/balloon.ts';
import { compressed } from './ledger/compressed.ts';
import { harm } from './ledger/harm.ts';
import { merged } from './ledger/merged.ts';
import { traffic } from './ledger/traffic.ts';

/** docs/domain.md 5.1 overcommit. What the kernel keeps for itself at boot is not in MemTotal. */
const overcommit: RatioRule = {
  part: 'promised',
  whole: 'MemTotal',
  terms: {
    promised: mean('mainline.guests.promised', 'Σ maximum memory of the guests that have one'),
    MemTotal: mean('meminfo.MemTotal', '/proc/meminfo, MemTotal'),
  },
};

const effective: RatioRule = {
  part: 'current',
  whole: 'taken',
  terms: {
    current: mean(
      'mainline.guests.current',
      'Σ what the balloon allows, else the maximum, of the guests whose RAM is known',
    ),
    taken: mean(
      'mainline.guests.taken',
      'Σ resident and compressed RAM of the same guests, and of zram that is swap; a page that KSM merged is charged once to a control group, and counted in each process',
    ),
  },
};

export const ledger: LedgerRules = {
  savings: [...compressed, ...merged, ...balloon, ...traffic],
  harm,
  overcommit,
  effective,
};
