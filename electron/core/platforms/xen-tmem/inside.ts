/** The files inside a Xen guest that is connected as a host of its own (and of Domain-0, which has the balloon's). */
import type { Evidence } from '../platform.ts';
import { parseFlag, parseNumber } from '../kernel/single.ts';
import { insideMetrics } from './catalogue/inside.ts';
import type { Values } from './values.ts';

export function readInside(out: Values, evidence: Evidence): void {
  for (const { id, file: path, scale, form } of insideMetrics) {
    const file = evidence.files.get(path);
    if (file === undefined) continue;
    const value = form === 'flag' ? parseFlag(file, out.troubles) : parseNumber(file, out.troubles);
    out.put(id, value === undefined ? undefined : value * scale, path, file.line);
  }
}
