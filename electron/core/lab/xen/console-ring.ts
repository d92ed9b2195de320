/** The hypervisor's console ring, read by `xl dmesg`: 16 KiB, the oldest lines fall out. */
import { traitsOf } from '../tmem/xen-version.ts';
import type { XenHostOptions } from './options.ts';

const ringSize = 16_384;

export class ConsoleRing {
  readonly #lines: string[] = [];
  #size = 0;

  add(line: string): void {
    const full = `(XEN) ${line}\n`;
    this.#lines.push(full);
    this.#size += full.length;
    while (this.#size > ringSize) this.#size -= this.#lines.shift()?.length ?? 0;
  }

  clear(): void {
    this.#lines.length = 0;
    this.#size = 0;
  }

  get text(): string {
    return this.#lines.join('');
  }
}

export const fullVersion = ({ version }: XenHostOptions): string => `${version}${traitsOf(version).extra}`;

export function commandLine(options: XenHostOptions): string {
  const dom0 = `${String(options.dom0MiB ?? Math.min(4096, Math.max(512, Math.floor(options.memoryMiB / 16))))}M`;
  return [
    'com1=115200,8n1',
    'console=com1',
    `dom0_mem=${dom0},max:${dom0}`,
    ...(options.tmem ? ['tmem=1'] : []),
    ...(options.compress ? ['tmem_compress=1'] : []),
    ...(options.sharedAuth && !traitsOf(options.version).alwaysAuthorises ? ['tmem_shared_auth=1'] : []),
  ].join(' ');
}

/** The few lines of the boot that are still of interest later. */
export function bootLines(options: XenHostOptions): readonly string[] {
  const { minor } = traitsOf(options.version);
  const comp = options.compress ? 1 : 0;
  return [
    `Xen version ${fullVersion(options)}`,
    `Command line: ${commandLine(options)}`,
    `System RAM: ${String(options.memoryMiB - 1)}MB (${String((options.memoryMiB - 1) * 1024)}kB)`,
    'Using scheduler: SMP Credit Scheduler (credit)',
    'Allocated console ring of 16 KiB.',
    ...(options.tmem ? [`tmem: initialized comp=${String(comp)}${minor < 8 ? ' dedup=0 tze=0' : ''}`] : []),
    'Scrubbing Free RAM: .done.',
  ];
}
