/** What the suites need besides Node: programs, the Debian packages that bring them, and the suites that use them. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Requirement {
  readonly package: string;
  /** Any of these, on the PATH or at that place. */
  readonly programs: readonly string[];
  readonly suites: readonly string[];
}

const qemuDriver = '/usr/lib/x86_64-linux-gnu/libvirt/connection-driver/libvirt_driver_qemu.so';

export const requirements: readonly Requirement[] = [
  { package: 'openssh-server', programs: ['/usr/sbin/sshd'], suites: ['ssh', 'journey', 'slow'] },
  { package: 'openssh-client', programs: ['ssh', 'ssh-keygen'], suites: ['unit', 'ssh', 'slow'] },
  { package: 'dropbear-bin', programs: ['dropbear', '/usr/sbin/dropbear'], suites: ['ssh'] },
  { package: 'busybox-static', programs: ['busybox'], suites: ['unit'] },
  { package: 'dash', programs: ['dash'], suites: ['unit'] },
  { package: 'mksh', programs: ['mksh'], suites: ['unit'] },
  { package: 'zsh', programs: ['zsh'], suites: ['unit', 'ssh'] },
  { package: 'fish', programs: ['fish'], suites: ['ssh'] },
  { package: 'tcsh', programs: ['tcsh'], suites: ['ssh'] },
  { package: 'procps', programs: ['ps'], suites: ['ssh', 'slow'] },
  { package: 'sudo', programs: ['sudo'], suites: ['ssh'] },
  { package: 'shellcheck', programs: ['shellcheck'], suites: ['unit'] },
  { package: 'chromium', programs: ['chromium'], suites: ['journey'] },
  { package: 'fonts-dejavu-core', programs: ['/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf'], suites: ['journey'] },
  { package: 'poppler-utils', programs: ['pdftotext'], suites: ['unit', 'journey', 'slow'] },
  { package: 'qemu-system-x86', programs: ['qemu-system-x86_64'], suites: ['slow'] },
  { package: 'libvirt-daemon-system', programs: ['/usr/sbin/libvirtd'], suites: ['slow'] },
  { package: 'libvirt-clients', programs: ['virsh'], suites: ['slow'] },
  { package: 'libvirt-daemon-driver-qemu', programs: [qemuDriver], suites: ['slow'] },
  { package: 'xz-utils', programs: ['xz'], suites: ['slow'] },
  { package: 'gcc', programs: ['gcc'], suites: ['slow'] },
  { package: 'libc6-dev', programs: ['/usr/lib/x86_64-linux-gnu/libc.a'], suites: ['slow'] },
];

const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
const present = (program: string): boolean =>
  program.startsWith('/') ? existsSync(program) : folders.some((folder) => existsSync(join(folder, program)));

export const missing = (): readonly Requirement[] => requirements.filter(({ programs }) => !programs.some(present));

const isDebian = (): boolean =>
  existsSync('/etc/debian_version') && /^ID(?:_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'));
const isRoot = (): boolean => process.getuid?.() === 0;

/** Installs what is missing where that is ours to do: as root, on Debian. Elsewhere says what to install. */
export function provide(): void {
  const wanted = missing();
  if (wanted.length === 0) return;
  const packages = wanted.map((requirement) => requirement.package);
  if (isRoot() && isDebian()) {
    console.log(`Installing Debian packages the suites need: ${packages.join(' ')}`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 'ignore', 'inherit'], env });
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env,
    });
  }
  for (const { package: name, suites } of missing()) {
    console.log(
      `Missing: ${name}. Tests of the suites ${suites.join(', ')} that need it are skipped; on Debian: apt-get install ${name}`,
    );
  }
}
