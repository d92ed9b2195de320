/** The menu as data. Every entry is a role that the system knows, so that names and shortcuts are the platform's own. */
const line = { type: 'separator' } as const;
const roles = <Role extends string>(...names: Role[]): { readonly role: Role }[] => names.map((role) => ({ role }));

/** @param packaged a packaged console has no reload and no developer tools in its menu, and so no shortcut for them. */
export function menuTemplate(name: string, platform: NodeJS.Platform, packaged: boolean) {
  const mac = platform === 'darwin';
  const ofMac = [roles('about'), line, roles('services'), line, roles('hide', 'hideOthers', 'unhide'), line].flat();
  const view = [...roles('resetZoom', 'zoomIn', 'zoomOut'), line, ...roles('togglefullscreen')];
  return [
    { label: mac ? name : 'Console', submenu: [...(mac ? ofMac : []), ...roles('quit')] },
    { label: 'Edit', submenu: [...roles('undo', 'redo'), line, ...roles('cut', 'copy', 'paste', 'selectAll')] },
    { label: 'View', submenu: packaged ? view : [...view, line, ...roles('reload', 'toggleDevTools')] },
    {
      label: 'Window',
      role: 'windowMenu' as const,
      submenu: mac ? roles('minimize', 'zoom', 'front') : roles('minimize', 'close'),
    },
    ...(mac ? [] : [{ label: 'Help', role: 'help' as const, submenu: roles('about') }]),
  ];
}
