/** What the plans of this platform ask of a host's evidence. */
import type { Finding, WishTarget } from '#shared/model/wish.ts';
import { parseFlag, parseNumber } from '../../kernel/single.ts';
import { parseSwaps } from '../../kernel/swaps.ts';
import type { Swap } from '../../kernel/swaps.ts';
import { parseMeminfo } from '../../kernel/table.ts';
import type { Table } from '../../kernel/table.ts';
import type { Site } from '../../change.ts';
import { fileValue } from '../../planning/steps.ts';
import type { Bytes } from '#shared/units.ts';
import type { Setting } from '../knobs/setting.ts';
import { enabled } from '../knobs/zswap.ts';
import { run } from '../knobs/ksm.ts';
import { readZrams } from './zrams.ts';
import type { ZramSeen } from './zrams.ts';
import { readModules } from './modules.ts';
import type { Modules } from './modules.ts';

const debug = '/sys/kernel/debug/zswap';

export class Look {
  readonly site: Site;
  readonly swaps: readonly Swap[] | undefined;
  readonly zrams: readonly ZramSeen[];
  readonly modules: Modules;
  private readonly meminfo: Table<Bytes> | undefined;

  constructor(site: Site) {
    this.site = site;
    const { files } = site.evidence;
    const [swaps, meminfo] = [files.get('/proc/swaps'), files.get('/proc/meminfo')];
    this.swaps = swaps && parseSwaps(swaps, []).filter(({ deleted }) => !deleted);
    this.meminfo = meminfo && parseMeminfo(meminfo, []);
    this.zrams = readZrams(site.evidence, this.swaps ?? []);
    this.modules = readModules(site.evidence);
  }

  /** As the agent would read it; undefined when it is not there or was not read. */
  value({ knob }: Setting): string | undefined {
    return fileValue(knob, this.site.evidence, knob.path);
  }

  has(setting: Setting): boolean {
    return this.site.evidence.files.has(setting.knob.path);
  }

  number(path: string): number | undefined {
    const file = this.site.evidence.files.get(path);
    return file && parseNumber(file, []);
  }

  on(setting: Setting): boolean | undefined {
    const file = this.site.evidence.files.get(setting.knob.path);
    const flag = file && parseFlag(file, []);
    return flag === undefined ? undefined : flag === 1;
  }

  memory(row: 'MemTotal' | 'MemAvailable' | 'Zswap' | 'Zswapped' | 'SwapTotal'): Bytes | undefined {
    return this.meminfo?.get(row)?.value;
  }

  get total(): number {
    return this.memory('MemTotal') ?? 0;
  }

  get hasZswap(): boolean {
    return this.has(enabled);
  }

  get hasKsm(): boolean {
    return this.has(run);
  }

  /** True when the kernel says that there is nowhere to swap to; undefined when it was not read. */
  get withoutSwap(): boolean | undefined {
    if (this.swaps) return this.swaps.length === 0;
    const total = this.memory('SwapTotal');
    return total === undefined ? undefined : total === 0;
  }

  /** Bytes of pages that zswap keeps, before compression. */
  get held(): number | undefined {
    const pages = this.number(`${debug}/stored_pages`);
    if (pages !== undefined) return Math.max(0, pages) * this.site.evidence.pageSize;
    const zswapped = this.memory('Zswapped');
    if (zswapped !== undefined) return zswapped;
    // Counters come into being when zswap is switched on for the first time.
    return this.on(enabled) === false && this.site.evidence.unread.get(`${debug}/stored_pages`)?.why === 'absent'
      ? 0
      : undefined;
  }

  /** Bytes that splitting everything KSM has merged would take. */
  get merged(): number | undefined {
    const sharing = this.number('/sys/kernel/mm/ksm/pages_sharing');
    if (sharing === undefined) return undefined;
    const zero = this.number('/sys/kernel/mm/ksm/ksm_zero_pages') ?? 0;
    return (sharing + Math.max(0, zero)) * this.site.evidence.pageSize;
  }

  /** What is available beyond what is needed; negative when it does not suffice, undefined when it is not known. */
  spare(needed: number): number | undefined {
    const available = this.memory('MemAvailable');
    return available === undefined ? undefined : available - needed;
  }

  /** frontswap is there: a kernel before 6.6, on which zswap hardly writes back. */
  get hardlyWritesBack(): boolean {
    for (const path of this.site.evidence.files.keys())
      if (path.startsWith('/sys/kernel/debug/frontswap/')) return true;
    return false;
  }

  finding(level: Finding['level'], sentence: string, fix?: string, target?: WishTarget): Finding {
    return {
      level,
      host: this.site.host,
      ...(target?.guest === undefined ? {} : { guest: target.guest }),
      sentence,
      ...(fix === undefined ? {} : { fix }),
    };
  }
}
