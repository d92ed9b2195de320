/** Where the console keeps its own files when nobody says otherwise. Called once, by whoever reads the flags. */
import { posix, win32 } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** The platform's own place for such things; relative paths in the environment do not count (XDG says so). */
export function defaultDataDir(env: Environment, platform: NodeJS.Platform, home: string): string {
  if (platform === 'win32') {
    const roaming = env['APPDATA'];
    const base = roaming !== undefined && win32.isAbsolute(roaming) ? roaming : win32.join(home, 'AppData', 'Roaming');
    return win32.join(base, 'Tmem Console');
  }
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'Tmem Console');
  const xdg = env['XDG_DATA_HOME'];
  const base = xdg !== undefined && posix.isAbsolute(xdg) ? xdg : posix.join(home, '.local', 'share');
  return posix.join(base, 'tmem-console');
}
