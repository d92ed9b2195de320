/**
 * What a page may not do, for every page this app could ever show: leave the console, open windows, embed others, use
 * the machine's devices, fetch from anywhere. The decisions are in shell/address.ts; this file only asks them.
 */
import { app, shell } from 'electron';
import type { Session } from 'electron';
import { externalDocument, mayDownload, mayNavigate, mayRequest, mayUse } from './shell/address.ts';

export function guardPages(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-frame-navigate', (details) => {
      if (!mayNavigate(details.url, details.isMainFrame)) details.preventDefault();
    });
    contents.on('will-redirect', (details) => {
      if (!mayNavigate(details.url, details.isMainFrame)) details.preventDefault();
    });
    contents.on('will-attach-webview', (event) => {
      event.preventDefault();
    });
    contents.setWindowOpenHandler(({ url }) => {
      const document = externalDocument(url);
      if (document !== undefined) void shell.openExternal(document);
      return { action: 'deny' };
    });
  });
}

export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    answer(mayUse(permission, details.requestingUrl));
  });
  session.setPermissionCheckHandler((_contents, permission, origin) => mayUse(permission, origin));
  session.setDevicePermissionHandler(() => false);
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !mayRequest(details.url, app.isPackaged) });
  });
  // What is allowed asks the person where to save it: Electron's own dialog.
  session.on('will-download', (event, item) => {
    if (!mayDownload(item.getURL())) event.preventDefault();
  });
}
