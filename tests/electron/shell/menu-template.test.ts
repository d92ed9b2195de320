import { describe, expect, it } from 'vitest';
import { menuTemplate } from '#electron/shell/menu-template.ts';

const rolesOf = (platform: NodeJS.Platform, packaged: boolean): string[] =>
  menuTemplate('Tmem Console', platform, packaged).flatMap(({ submenu }) =>
    submenu.flatMap((entry) => ('role' in entry ? [entry.role] : [])),
  );

describe('the menu', () => {
  it.each(['linux', 'win32', 'darwin'] as const)(
    'of a packaged console on %s has no reload and no developer tools',
    (platform) => {
      expect(rolesOf(platform, true)).not.toContain('reload');
      expect(rolesOf(platform, true)).not.toContain('toggleDevTools');
      expect(rolesOf(platform, false)).toEqual(expect.arrayContaining(['reload', 'toggleDevTools']));
    },
  );

  it.each(['linux', 'win32', 'darwin'] as const)('on %s has what editing, zooming and leaving need', (platform) => {
    const wanted = ['cut', 'copy', 'paste', 'selectAll', 'zoomIn', 'zoomOut', 'resetZoom', 'minimize', 'about', 'quit'];
    expect(rolesOf(platform, true)).toEqual(expect.arrayContaining(wanted));
  });

  it('begins on a Mac with the menu of the app itself', () => {
    expect(menuTemplate('Tmem Console', 'darwin', true)[0]?.label).toBe('Tmem Console');
    expect(rolesOf('linux', true)).not.toContain('services');
  });
});
