/** `xl info` and `xl dmesg`. */
import type { CommandOutcome } from '../machine.ts';
import { answer, options, unknownOption } from './answer.ts';
import { commandLine, fullVersion } from './console-ring.ts';
import type { HostModel } from './host-model.ts';
import { pagesPerMiB } from './options.ts';
import { kernelOf } from './userland.ts';

export function xlInfo(model: HostModel): CommandOutcome {
  const { options: host, tmem } = model;
  const { minor, extra } = tmem.traits;
  const cpus = String(host.cpus ?? 4);
  const kernel = kernelOf(host.version);
  const rows: readonly (readonly [string, string] | undefined)[] = [
    ['host', host.name],
    ['release', kernel.release],
    ['version', kernel.build],
    ['machine', 'x86_64'],
    ['nr_cpus', cpus],
    from(minor >= 4, 'max_cpu_id', String(Number(cpus) - 1)),
    ['nr_nodes', '1'],
    ['cores_per_socket', cpus],
    ['threads_per_core', '1'],
    ['cpu_mhz', minor >= 8 ? '2599.083' : '2599'],
    [
      'hw_caps',
      minor >= 7
        ? '078bf3fd:80002001:20100800:00000005:00000000:00000000:00000000:00000000'
        : '078bf3fd:2193fbfd:00000000:00000000:80002001:00000000:00000005:00000000',
    ],
    ['virt_caps', 'hvm'],
    ['total_memory', String(model.totalMiB)],
    ['free_memory', String(Math.max(0, Math.floor(model.heap.free / pagesPerMiB)))],
    from(minor >= 4, 'sharing_freed_memory', '0'),
    from(minor >= 4, 'sharing_used_memory', '0'),
    from(minor >= 4, 'outstanding_claims', '0'),
    ['free_cpus', '0'],
    ['xen_major', '4'],
    ['xen_minor', String(minor)],
    ['xen_extra', extra],
    from(minor >= 4, 'xen_version', fullVersion(host)),
    ['xen_caps', 'xen-3.0-x86_64 xen-3.0-x86_32p hvm-3.0-x86_32 hvm-3.0-x86_32p hvm-3.0-x86_64 '],
    ['xen_scheduler', 'credit'],
    ['xen_pagesize', '4096'],
    ['platform_params', 'virt_start=0xffff800000000000'],
    ['xen_changeset', ''],
    ['xen_commandline', `${commandLine(host)}  `],
    ['cc_compiler', 'gcc (GCC) 4.8.5'],
    ['cc_compile_by', ''],
    ['cc_compile_domain', ''],
    ['cc_compile_date', kernel.built],
    from(minor >= 11, 'build_id', '1d41612aa937a73d42a60090f3a969a60c62ebec'),
    ['xend_config_format', '4'],
  ];
  return answer(rows.flatMap((row) => (row ? `${row[0].padEnd(23)}: ${row[1]}\n` : [])).join(''));
}

const from = (there: boolean, name: string, value: string): readonly [string, string] | undefined =>
  there ? [name, value] : undefined;

export function xlDmesg(model: HostModel, words: readonly string[]): CommandOutcome {
  const { given, unknown } = options(words, 'c');
  if (unknown !== undefined) return unknownOption(unknown);
  const { text } = model.ring;
  if (given.has('c')) model.ring.clear();
  return answer(text);
}
