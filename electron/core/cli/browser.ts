/** Opens an address in the person's browser, if this machine has a screen and a way to do so. Never waits for it. */
import { spawn } from 'node:child_process';

export function openBrowser(url: string): void {
  const opener = openerOf(process.platform, process.env);
  if (opener === undefined) return;
  const child = spawn(opener[0], [...opener.slice(1), url], { stdio: 'ignore', detached: true });
  // No such program: the address stands on the terminal anyway.
  child.on('error', () => undefined);
  child.unref();
}

function openerOf(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): readonly [string, ...string[]] | undefined {
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return env['DISPLAY'] !== undefined || env['WAYLAND_DISPLAY'] !== undefined ? ['xdg-open'] : undefined;
}
