/**
 * Command-line switches that would open a packaged console to others on the machine: a debugger's port, a page without
 * sandbox or same-origin policy, foreign code in its processes. The app's sealed switches (fuses) do not cover
 * Chromium's, so the shell looks itself and does not start.
 */
const refused = [
  // a debugger's door
  /^(?:inspect|debug|remote-)/,
  // a page that reaches the machine
  /sandbox|^single-process$|^no-zygote$/,
  // a page that reaches, or is reached by, other origins
  /^(?:disable-web-security|disable-site-isolation|allow-file-access|allow-running-insecure|unsafely-)/,
  // foreign code in one of our processes
  /^(?:js-flags|require|load-extension)$|-(?:cmd-prefix|launcher|subprocess-path)$/,
];

/** The switches in `argv` (without the program itself) that a packaged console does not start with, as they were written. */
export function refusedSwitches(argv: readonly string[], platform: NodeJS.Platform): readonly string[] {
  // Behind a bare `--` Chromium sees no switches, but Node's own parser is asked earlier: everything is looked at.
  return argv.filter((word) => {
    const name = switchName(word, platform);
    return name !== undefined && refused.some((pattern) => pattern.test(name));
  });
}

/** @param appImage true when an AppImage started us: its launcher adds --no-sandbox by itself on some systems. */
export function refusalSentence(switches: readonly string[], appImage: boolean): string {
  const named = switches.join(', ');
  if (appImage && switches.every((word) => word === '--no-sandbox')) {
    return (
      `The console does not start with ${named}, which the AppImage adds where the system forbids unprivileged user ` +
      'namespaces: its page would run without a sandbox. Install the .deb package, which brings what the sandbox needs, ' +
      'or allow user namespaces on this machine.'
    );
  }
  return `The console does not start with ${named}: it would let other programs on this machine into its memory, and with it to your hosts. Start it without.`;
}

/** Chromium takes one dash, two dashes and, on Windows, a slash and any case; Node takes `_` for `-`. */
function switchName(word: string, platform: NodeJS.Platform): string | undefined {
  const match = (platform === 'win32' ? /^(?:--?|\/)([^=]+)/ : /^--?([^=]+)/).exec(word);
  const name = match?.[1];
  if (name === undefined) return undefined;
  // `-r file` is Node's short form of --require.
  return name === 'r' ? 'require' : name.replaceAll('_', '-').toLowerCase();
}
