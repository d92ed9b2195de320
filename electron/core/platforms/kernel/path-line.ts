/**
 * Where does the path end in `path:line`? Used for every line that `grep -s ''` and its like printed.
 * Never looks at more than the line it is given, and takes time linear in its length.
 *
 * The rule: a path begins with `/` and ends at its first `:`, except that
 * 1. below /sys/fs/cgroup a directory may have any name (`kubepods:cri:ab12`), so there the path ends at the first
 *    `:` that follows a name of the kernel's own (`memory.stat`, `cgroup.procs`, `tasks`); and
 * 2. a directory that is a PCI address (`0000:00:1f.2`, `pci0000:00`) or a device number (`8:16`) keeps its colons.
 */
export interface PathLine {
  readonly path: string;
  readonly rest: string;
}

/** The kernel's own limit (PATH_MAX). */
const longestPath = 4096;
const cgroupRoot = '/sys/fs/cgroup/';
const cgroupLeaf =
  /\/(?:(?:memory|cgroup|cpu|cpuacct|cpuset|io|blkio|pids|hugetlb|misc|rdma|freezer|net_cls|net_prio|devices|irq)\.[A-Za-z0-9_.]+|tasks|notify_on_release):/;
const ordinaryPath =
  /^(?:\/(?:(?:pci)?[0-9a-f]{4,6}:[0-9a-f]{2}(?::[0-9a-f]{2}\.[0-7])?|[0-9]+:[0-9]+)(?=\/)|\/[^/:\s]*)+:/;

/** The path and what the file said in that line; undefined when the line is nothing of the kind. */
export function splitPathLine(line: string): PathLine | undefined {
  if (!line.startsWith('/')) return undefined;
  const end = line.startsWith(cgroupRoot) ? cgroupEnd(line) : ordinaryEnd(line);
  return end === undefined || end > longestPath ? undefined : { path: line.slice(0, end), rest: line.slice(end + 1) };
}

function ordinaryEnd(line: string): number | undefined {
  const match = ordinaryPath.exec(line);
  return match ? match[0].length - 1 : undefined;
}

function cgroupEnd(line: string): number | undefined {
  const match = cgroupLeaf.exec(line);
  return match ? match.index + match[0].length - 1 : ordinaryEnd(line);
}
