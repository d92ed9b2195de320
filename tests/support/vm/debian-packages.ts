/**
 * Fetches Debian packages with the machine's own apt sources, without installing anything and without changing the
 * machine's package lists. Called by build-image.ts. What is fetched depends on no package this machine has: the
 * dependencies are worked out against an empty dpkg status.
 */
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Needed by maintainer scripts or at installation only; the test host never runs those. */
const leftOut =
  /^(perl|perl-.*|libperl.*|lib.*-perl|debconf|usrmerge|udev|initramfs-tools.*|klibc-utils|libklibc|ucf)$/;

const debianKeyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

interface Request {
  readonly names: readonly string[];
  /** `stable` is the release this machine runs; `backports` takes the kernel from its backports. */
  readonly kernel: 'stable' | 'backports';
  /** Kept between builds: what is here already is not fetched again. */
  readonly cacheDir: string;
  /** Where the chosen packages end up, as `.deb` files. Must exist and be empty. */
  readonly into: string;
  readonly say: (words: string) => void;
}

/** @throws with apt's own words when the packages cannot be had */
export function fetchPackages(request: Request): void {
  const { cacheDir, into, say } = request;
  const kept = join(cacheDir, 'debs');
  mkdirSync(kept, { recursive: true });
  writeFileSync(join(cacheDir, 'no-packages'), '');
  const plain = [
    '-o',
    `Dir::State::status=${join(cacheDir, 'no-packages')}`,
    '-o',
    'APT::Sandbox::User=root',
    '-o',
    'Acquire::Retries=2',
  ];
  const names = [
    ...request.names,
    request.kernel === 'backports' ? `linux-image-amd64/${codename()}-backports` : 'linux-image-amd64',
  ];

  const attempt = (options: readonly string[]): void => {
    const closure = resolve(apt([...options, '-s', '--no-install-recommends', 'install', ...names]));
    for (const { file } of closure) {
      if (readdirSync(kept).includes(file) && !readdirSync(into).includes(file))
        linkSync(join(kept, file), join(into, file));
    }
    say(`fetching ${closure.length} packages`);
    apt([...options, 'download', ...closure.map(({ name, version }) => `${name}=${version}`)], into);
    for (const { file } of closure) {
      if (!readdirSync(kept).includes(file)) linkSync(join(into, file), join(kept, file));
    }
  };

  // The machine's own lists do for its own release, unless they are absent or old, or a mirror stumbled. Then, and for
  // backports, a private copy is brought up to date; the machine's lists stay as they are.
  if (request.kernel === 'stable') {
    try {
      return attempt(plain);
    } catch (trouble) {
      say(`trying once more with new package lists: ${String(trouble)}`);
    }
  }
  const options = [...plain, ...privateLists(request)];
  apt([...options, '-o', 'APT::Update::Error-Mode=any', 'update']);
  attempt(options);
}

/** `Inst name (version origin [arch])` lines of a simulated installation. */
function resolve(simulation: string): { name: string; version: string; file: string }[] {
  const lines = simulation.matchAll(/^Inst (\S+) \((\S+) .*\[(\S+)\]\)/gm);
  return [...lines].flatMap(([, name = '', version = '', arch = '']) =>
    leftOut.test(name) ? [] : [{ name, version, file: `${name}_${version.replaceAll(':', '%3a')}_${arch}.deb` }],
  );
}

/** Options for a list of sources of our own: the machine's Debian mirrors, and nothing of other makers. */
function privateLists({ cacheDir, kernel }: Request): string[] {
  const lists = join(cacheDir, 'lists');
  const sources = join(cacheDir, 'sources.list');
  mkdirSync(join(lists, 'partial'), { recursive: true });
  const lines = debianSources().flatMap(({ uri, release }) => {
    const suites = kernel === 'backports' && release === codename() ? [release, `${release}-backports`] : [release];
    return suites.map((suite) => `deb [signed-by=${debianKeyring}] ${uri} ${suite} main\n`);
  });
  writeFileSync(sources, lines.join(''));
  const options = [`Dir::State::lists=${lists}`, `Dir::Etc::sourcelist=${sources}`, 'Dir::Etc::sourceparts=-'];
  return options.flatMap((option) => ['-o', option]);
}

/** The mirrors that this machine's apt uses for Debian itself, whether or not it has read them yet. */
function debianSources(): { uri: string; release: string }[] {
  const shown = apt([
    ...['indextargets', '--no-release-info', '--format', '$(REPO_URI) $(RELEASE) $(COMPONENT)'],
    'Created-By: Packages',
  ]);
  const sources = [...new Set(shown.split('\n'))].map((line) => line.split(' '));
  return sources.flatMap(([uri = '', release = '', component]) =>
    component === 'main' && release.startsWith(codename()) ? [{ uri, release }] : [],
  );
}

function codename(): string {
  const said = /^VERSION_CODENAME=(\S+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  if (said === undefined) throw new Error('/etc/os-release does not say which release of Debian this is');
  return said;
}

function apt(args: readonly string[], cwd?: string): string {
  try {
    return execFileSync('apt-get', ['-q', ...args], {
      ...(cwd === undefined ? {} : { cwd }),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (failure) {
    const words = failure instanceof Error && 'stderr' in failure ? String(failure.stderr).trim() : String(failure);
    const verb = args.find((word) => /^(install|download|update|indextargets)$/.test(word)) ?? '';
    throw new Error(`apt-get ${verb} failed: ${words}`, { cause: failure });
  }
}
