/** Domain-0's Linux by the Xen it came with: the kernel, its build, and the line a person would know it by. */
import type { XenVersion } from '../tmem/xen-version.ts';

export interface Dom0Kernel {
  readonly release: string;
  readonly build: string;
  readonly built: string;
  readonly gcc: string;
  readonly os: string;
  /** File and text by which the distribution names itself; older ones have no os-release. */
  readonly releaseFile: readonly [path: string, text: string];
  /** Older kernels write no MemAvailable line and no pressure files. */
  readonly memAvailable: boolean;
  /** vmstat tells reclaim by zone. */
  readonly zoned: boolean;
}

const oracle = (release: string): Pick<Dom0Kernel, 'os' | 'releaseFile'> => ({
  os: `Oracle VM server release ${release}`,
  releaseFile: ['/etc/redhat-release', `Oracle VM server release ${release}\n`],
});

const centos = {
  os: 'CentOS Linux 7 (Core)',
  releaseFile: [
    '/etc/os-release',
    'NAME="CentOS Linux"\nVERSION="7 (Core)"\nID="centos"\nPRETTY_NAME="CentOS Linux 7 (Core)"\n',
  ],
} as const;

const kernels: Readonly<Record<XenVersion, Dom0Kernel>> = {
  '4.1': {
    // UEK2: a 3.0 kernel that calls itself 2.6.39, so that old userland accepts it.
    release: '2.6.39-300.26.1.el5uek',
    build: '#1 SMP Thu Jan 3 18:31:38 PST 2013',
    built: 'Thu Jan  3 17:02:11 PST 2013',
    gcc: 'gcc version 4.1.2 20080704 (Red Hat 4.1.2-52)',
    ...oracle('3.2.1'),
    memAvailable: false,
    zoned: true,
  },
  '4.4': {
    release: '3.8.13-68.2.2.el6uek.x86_64',
    build: '#2 SMP Tue May 12 14:38:58 PDT 2015',
    built: 'Tue May 12 13:20:45 PDT 2015',
    gcc: 'gcc version 4.4.7 20120313 (Red Hat 4.4.7-11)',
    ...oracle('3.4.1'),
    memAvailable: false,
    zoned: true,
  },
  '4.7': {
    release: '4.1.12-124.16.4.el6uek.x86_64',
    build: '#2 SMP Thu Jun 14 18:55:52 PDT 2018',
    built: 'Thu Jun 14 17:40:10 PDT 2018',
    gcc: 'gcc version 4.9.2 20150212 (Red Hat 4.9.2-6.2.0.3)',
    ...centos,
    memAvailable: true,
    zoned: true,
  },
  '4.11': {
    release: '4.9.215-36.el7.x86_64',
    build: '#1 SMP Mon Mar 2 11:42:52 UTC 2020',
    built: 'Mon Mar  2 11:12:01 UTC 2020',
    gcc: 'gcc version 4.8.5 20150623 (Red Hat 4.8.5-39)',
    ...centos,
    memAvailable: true,
    zoned: false,
  },
};

export const kernelOf = (version: XenVersion): Dom0Kernel => kernels[version];

export const procVersion = ({ release, gcc, build }: Dom0Kernel): string =>
  `Linux version ${release} (mockbuild@builder) (${gcc} (GCC) ) ${build}\n`;
