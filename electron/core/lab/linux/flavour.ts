/** What tells the two kernels of the lab's KVM hosts apart, beyond their tables: names, files, defaults. */
export const flavours = ['6.1', '6.12'] as const;
export type Flavour = (typeof flavours)[number];

export interface FlavourFacts {
  readonly release: string;
  readonly version: string;
  readonly os: string;
  readonly osRelease: string;
  readonly lruGen: string;
  readonly compressors: readonly string[];
  readonly zpools: readonly string[];
  /** Of both, those that are modules; the others are built in. */
  readonly modules: readonly string[];
  readonly zpool: string;
  /** frontswap is there, loads leave the page in zswap, and zero pages are kept in zswap as same-filled ones. */
  readonly frontswap: boolean;
}

const osRelease = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
HOME_URL="https://www.debian.org/"
`;
const os = 'Debian GNU/Linux 12 (bookworm)';

export const factsOf: Readonly<Record<Flavour, FlavourFacts>> = {
  '6.1': {
    release: '6.1.0-56-amd64',
    version:
      'Linux version 6.1.0-56-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) #1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)',
    os,
    osRelease,
    lruGen: '0x0000',
    compressors: ['lzo', 'lzo-rle', 'lz4', 'lz4hc', 'zstd', 'deflate', '842'],
    zpools: ['zbud', 'z3fold', 'zsmalloc'],
    modules: ['lz4', 'lz4hc', 'zstd', 'deflate', '842', 'z3fold', 'zsmalloc'],
    zpool: 'zbud',
    frontswap: true,
  },
  '6.12': {
    release: '6.12.95+deb12-amd64',
    version:
      'Linux version 6.12.95+deb12-amd64 (debian-kernel@lists.debian.org) (x86_64-linux-gnu-gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) #1 SMP PREEMPT_DYNAMIC Debian 6.12.95-1~bpo12+1 (2026-07-05)',
    os,
    osRelease,
    lruGen: '0x0007',
    compressors: ['lzo', 'lzo-rle', 'lz4', 'lz4hc', 'zstd', 'deflate', '842'],
    zpools: ['zbud', 'zsmalloc'],
    modules: ['lz4', 'lz4hc', 'zstd', 'deflate', '842'],
    zpool: 'zsmalloc',
    frontswap: false,
  },
};
