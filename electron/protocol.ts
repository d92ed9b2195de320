/** The page's address, app://console/: files of the built page under the same rules and headers as in the browser. */
import { protocol } from 'electron';
import type { Session } from 'electron';
import { readStatic } from '#core/serve/static-files.ts';
import { isConsole, scheme } from './shell/address.ts';

/** Before the app is ready, once. A standard scheme has an origin; a secure one may use what https may. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** @param root the folder of the built page. */
export function serveScheme(session: Session, root: string): void {
  session.protocol.handle(scheme, async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return new Response(null, { status: 405 });
    if (!isConsole(request.url)) return new Response(null, { status: 404 });
    const { status, headers, body } = await readStatic(root, new URL(request.url).pathname);
    return new Response(request.method === 'HEAD' ? null : body, { status, headers });
  });
}
