/** One line about the machine: a figure without it means little. */
import { cpus, loadavg, release, totalmem } from 'node:os';

export function machineHere(): string {
  const cores = cpus();
  const model = cores[0]?.model.trim() ?? 'unknown processor';
  const load = loadavg().map((one) => one.toFixed(1));
  return `${cores.length} × ${model}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Linux ${release()}, Node ${process.version}, load ${load.join(' ')}`;
}
