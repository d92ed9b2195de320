/**
 * A local account that lives as long as a test file: for logins by password, and for the login shells and start-up
 * files that disturb an agent. Only root can make one.
 */
import { spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';

/** Why no account can be made here; undefined when one can. */
export const userObstacle = userInfo().uid === 0 ? undefined : 'making a local account needs root';

export interface LocalUser {
  readonly name: string;
  readonly password: string;
  readonly home: string;
  setShell(shell: string): void;
  /** Writes a file below the home directory, as the user's own. */
  write(file: string, text: string): void;
  /** Puts a public key into the account's own authorized_keys. */
  authorize(publicKey: string): void;
  remove(): void;
}

let made = 0;

function run(command: string, args: readonly string[], input = ''): void {
  const done = spawnSync(command, args, { input, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${done.stderr}`);
}

export function makeUser(shell = '/bin/sh'): LocalUser {
  const name = `tmemt${process.pid}x${++made}`;
  const password = `right-${process.pid}-${made}`;
  const home = `/home/${name}`;
  run('useradd', ['--create-home', '--home-dir', home, '--shell', shell, name]);
  run('chpasswd', [], `${name}:${password}\n`);
  const uid = Number(spawnSync('id', ['-u', name], { encoding: 'utf8' }).stdout);
  return {
    name,
    password,
    home,
    setShell: (next) => run('usermod', ['--shell', next, name]),
    write: (file, text) => {
      writeFileSync(join(home, file), text);
      chownSync(join(home, file), uid, uid);
    },
    authorize: (publicKey) => {
      const folder = join(home, '.ssh');
      mkdirSync(folder, { mode: 0o700 });
      writeFileSync(join(folder, 'authorized_keys'), `${publicKey}\n`, { mode: 0o600 });
      for (const path of [folder, join(folder, 'authorized_keys')]) chownSync(path, uid, uid);
    },
    remove: () => {
      spawnSync('userdel', ['--force', '--remove', name]);
    },
  };
}
