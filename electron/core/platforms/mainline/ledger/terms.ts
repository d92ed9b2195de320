/** Terms of mainline's rules with the place they are read from. */
import type { RuleTerm } from '../../ledger.ts';
import { increase, last, mean } from '../../ledger.ts';

export const pageSize: RuleTerm = last('host.page-size', 'the host’s page size, getconf PAGESIZE');

export const meminfo = (row: string): RuleTerm => mean(`meminfo.${row}`, `/proc/meminfo, ${row}`);
export const vmstat = (row: string): RuleTerm => increase(`vmstat.${row}`, `/proc/vmstat, ${row}`);
export const ksm = (file: string): RuleTerm => mean(`ksm.${file}`, `/sys/kernel/mm/ksm/${file}`);
export const zswapLevel = (file: string): RuleTerm => mean(`zswap.${file}`, `/sys/kernel/debug/zswap/${file}`);
export const zswapCounter = (file: string): RuleTerm => increase(`zswap.${file}`, `/sys/kernel/debug/zswap/${file}`);
export const frontswap = (file: string): RuleTerm =>
  increase(`frontswap.${file}`, `/sys/kernel/debug/frontswap/${file}`);
export const zram = (field: string, file: string): RuleTerm =>
  mean(`zram.${field}`, `/sys/block/<device>/${file}, ${field}`);
/** Of a guest's control group. */
export const groupLevel = (row: string): RuleTerm =>
  mean(`cgroup.memory.stat.${row}`, `memory.stat of the guest’s control group, ${row}`);
export const groupCounter = (row: string): RuleTerm =>
  increase(`cgroup.memory.stat.${row}`, `memory.stat of the guest’s control group, ${row}`);

/** Pages that go to zram are written and read, and no disk is: docs/domain.md 5.2 traps 5 and 6. */
export const zramIsSwap = { metric: 'mainline.saved.zram' } as const;
