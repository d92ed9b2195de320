/**
 * The built page as both doors serve it: which file an address means, of what type, under which security headers.
 * Called by the loopback server and by the desktop's app:// protocol. Never leaves the folder of the built page,
 * never lists a folder, never guesses a type.
 */
import { readFile, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';

const types: { readonly [extension: string]: string } = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
};

export interface StaticFile {
  /** Absolute, below the root that was given. */
  readonly file: string;
  readonly contentType: string;
}

export interface StaticAnswer {
  readonly status: 200 | 404;
  readonly headers: { readonly [name: string]: string };
  readonly body: Uint8Array<ArrayBuffer>;
}

/**
 * What the page may load and reach: its own files and its own door, nothing else, and no code that is not a file.
 * @param socket the WebSocket's origin (`ws://127.0.0.1:4711`) in browser mode: not every browser counts it as 'self'.
 */
export function csp(socket?: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    socket === undefined ? "connect-src 'self'" : `connect-src 'self' ${socket}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** On every answer, errors too. @param socket as in `csp`. */
export function securityHeaders(socket?: string): { readonly [name: string]: string } {
  return {
    'content-security-policy': csp(socket),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), payment=()',
    'cache-control': 'no-cache',
  };
}

/**
 * The file an address means. A path whose last part has no dot is an address inside the page: it gets index.html.
 * @param urlPath as it stands in the address, still percent-encoded, without query and fragment.
 * @returns undefined for anything that could lead out of the root, is hidden, or has a type the page does not use.
 */
export function resolveStatic(root: string, urlPath: string): StaticFile | undefined {
  const parts = safeParts(urlPath);
  if (parts === undefined) return undefined;
  const name = parts.at(-1) ?? '';
  const dot = name.lastIndexOf('.');
  if (dot === -1) return { file: join(root, 'index.html'), contentType: typeOf('html') };
  const extension = name.slice(dot + 1);
  if (!Object.hasOwn(types, extension)) return undefined;
  return { file: join(root, ...parts), contentType: typeOf(extension) };
}

/** Reads what `resolveStatic` names. A link that points out of the root is not followed; failing to read is a 404. */
export async function readStatic(root: string, urlPath: string, socket?: string): Promise<StaticAnswer> {
  const found = resolveStatic(root, urlPath);
  const body = found === undefined ? undefined : await readBelow(root, found.file);
  if (found === undefined || body === undefined) {
    return {
      status: 404,
      headers: { ...securityHeaders(socket), 'content-type': typeOf('txt') },
      body: new Uint8Array(Buffer.from('The console has no such file.\n')),
    };
  }
  return { status: 200, headers: { ...securityHeaders(socket), 'content-type': found.contentType }, body };
}

async function readBelow(root: string, file: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const [home, real] = await Promise.all([realpath(root), realpath(file)]);
    return real.startsWith(home + sep) ? new Uint8Array(await readFile(real)) : undefined;
  } catch {
    // Not there, a folder, or not ours to read: for the page it is all the same.
    return undefined;
  }
}

function safeParts(urlPath: string): readonly string[] | undefined {
  if (!urlPath.startsWith('/') || urlPath.length > 2048) return undefined;
  const parts: string[] = [];
  for (const raw of urlPath.slice(1).split('/')) {
    const part = decoded(raw);
    if (part === undefined) return undefined;
    // An encoded separator, a Windows drive or stream, a control character: no file of ours has one.
    if (/[/\\:\u0000-\u001f\u007f]/.test(part)) return undefined;
    // `..`, `.`, and hidden files. Windows also drops dots and spaces at the end of a name.
    if (part.startsWith('.') || /[. ]$/.test(part)) return undefined;
    parts.push(part);
  }
  // `/assets/` means the page, as `/` does; an empty part in the middle means nothing.
  return parts.slice(0, -1).includes('') ? undefined : parts;
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

function typeOf(extension: keyof typeof types): string {
  return types[extension] ?? 'application/octet-stream';
}
