/** A pressure file as metrics; of the host for read.ts, of a guest for guests.ts. */
import { parsePressure } from '../kernel/pressure.ts';
import type { Stall } from '../kernel/pressure.ts';
import type { Values } from './values.ts';

/** Eight values of one pressure file, as metrics `<group>.some.avg10` and so on. */
export function putPressure(out: Values, path: string, group: string, instance: string): void {
  const pressure = out.parse(path, parsePressure);
  const put = (kind: 'some' | 'full', stall: Stall | undefined): void => {
    if (stall === undefined) return;
    for (const name of ['avg10', 'avg60', 'avg300', 'total'] as const) {
      out.put(`${group}.${kind}.${name}`, stall[name], path, stall.line, instance);
    }
  };
  put('some', pressure?.some);
  put('full', pressure?.full);
}
