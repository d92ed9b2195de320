/** The zram devices of the host. read.ts calls it; guests.ts and derive.ts use what it returns. */
import type { Bytes } from '#shared/units.ts';
import { parseChoice, parseFlag, parseNumber, parseWord } from '../kernel/single.ts';
import { backingUnit, bdStatColumns, ioStatColumns, mmStatColumns, parseColumns, zramSaved } from '../kernel/zram.ts';
import type { Values } from './values.ts';

export interface Zram {
  /** `zram0` */
  readonly device: string;
  readonly directory: string;
  readonly original: number | undefined;
  readonly taken: number | undefined;
  readonly saved: Bytes | undefined;
  /** False once initstate says 0; a device that is not set up holds nothing. */
  readonly ready: boolean;
}

const deviceFile = /^\/sys\/block\/(zram[0-9]{1,6})\/[a-z_]+$/;

export function readZram(out: Values): readonly Zram[] {
  const devices = new Set<string>();
  for (const path of out.evidence.files.keys()) {
    if (!path.startsWith('/sys/block/zram')) continue;
    const device = deviceFile.exec(path)?.[1];
    if (device !== undefined) devices.add(device);
  }
  return [...devices].sort(byNumber).map((device) => readDevice(out, device));
}

const byNumber = (a: string, b: string): number => Number(a.slice(4)) - Number(b.slice(4));

function readDevice(out: Values, device: string): Zram {
  const directory = `/sys/block/${device}`;
  const put = (name: string, file: string, value: number | string | undefined): void => {
    out.put(`zram.${name}`, value, `${directory}/${file}`, out.file(`${directory}/${file}`)?.line, device);
  };
  const columns = <Name extends string>(file: string, names: readonly Name[], least: number) =>
    out.parse(`${directory}/${file}`, (text, troubles) => parseColumns(text, names, least, troubles));

  const mm = columns('mm_stat', mmStatColumns, 7);
  for (const name of mmStatColumns) put(name, 'mm_stat', mm?.[name]);
  const io = columns('io_stat', ioStatColumns, 4);
  for (const name of ioStatColumns) put(name, 'io_stat', io?.[name]);
  const bd = columns('bd_stat', bdStatColumns, 3);
  for (const name of bdStatColumns) {
    const units = bd?.[name];
    put(name, 'bd_stat', units === undefined ? undefined : units * backingUnit);
  }
  const initstate = out.parse(`${directory}/initstate`, parseFlag);
  put('disksize', 'disksize', out.parse(`${directory}/disksize`, parseNumber));
  put('comp_algorithm', 'comp_algorithm', out.parse(`${directory}/comp_algorithm`, parseChoice)?.chosen);
  put('initstate', 'initstate', initstate);
  put('backing_dev', 'backing_dev', out.parse(`${directory}/backing_dev`, parseWord));

  const saved = mm === undefined ? undefined : zramSaved(mm, bd);
  out.put(
    'zram.saved',
    saved,
    `orig_data_size − mem_used_total − bd_count · 4096 (${directory}/mm_stat, bd_stat)`,
    out.file(`${directory}/mm_stat`)?.line,
    device,
  );
  return {
    device,
    directory,
    original: mm?.orig_data_size,
    taken: mm?.mem_used_total,
    saved,
    ready: initstate !== 0,
  };
}
