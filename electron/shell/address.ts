/**
 * Where the page lives and where it may go. The window and its guards ask here; nothing here knows Electron.
 * The page has one origin and never leaves it; the kernel's documents open in the person's own browser.
 */
export const scheme = 'app';
export const consoleOrigin = 'app://console';
export const consolePage = `${consoleOrigin}/`;

/** Names the message that brings the port, from the shell to the preload and from there to the page. */
export const portMessage = 'tmem-port';

const documentHosts: ReadonlySet<string> = new Set(['docs.kernel.org', 'www.kernel.org']);

/** True for addresses of the page's own origin. Host names are compared after parsing: `app://console@evil/` is not ours. */
export function isConsole(address: string): boolean {
  const url = parsed(address);
  // `URL.origin` is "null" for schemes the URL standard does not list, so the parts are compared.
  return url !== undefined && url.protocol === `${scheme}:` && url.host === 'console' && !hasLogin(url);
}

/** The page may only go to its own pages, and only as the whole window: a reload, a link inside the console. */
export function mayNavigate(address: string, isMainFrame: boolean): boolean {
  if (!isMainFrame || !isConsole(address)) return false;
  const name = parsed(address)?.pathname.split('/').at(-1) ?? '';
  return name === 'index.html' || !name.includes('.');
}

/** What the window may fetch: its own files, and pictures and files it made itself; the developer tools' own files where they exist. */
export function mayRequest(address: string, packaged: boolean): boolean {
  if (isConsole(address) || mayDownload(address) || address.startsWith('data:')) return true;
  return !packaged && address.startsWith('devtools://');
}

/** The page may save what it made itself: a report, a journal, a table. Nothing is ever fetched from elsewhere. */
export const mayDownload = (address: string): boolean => address.startsWith(`blob:${consoleOrigin}/`);

/** A document that is opened in the person's browser when a link asks for a new window, as the address to open. */
export function externalDocument(address: string): string | undefined {
  const url = parsed(address);
  if (url?.protocol !== 'https:' || hasLogin(url) || url.port !== '' || !documentHosts.has(url.hostname)) {
    return undefined;
  }
  return url.href;
}

/**
 * No permission is ever given but one: putting text on the clipboard, for the buttons that copy a host's own words.
 * @param asker the address or origin of the frame that asks.
 */
export function mayUse(permission: string, asker: string): boolean {
  return permission === 'clipboard-sanitized-write' && isConsole(asker);
}

const hasLogin = (url: URL): boolean => url.username !== '' || url.password !== '';

function parsed(address: string): URL | undefined {
  return URL.canParse(address) ? new URL(address) : undefined;
}
