/** Puts the menu up and fills in what the system's About box says. */
import { app, Menu } from 'electron';
import { menuTemplate } from './shell/menu-template.ts';

export function setMenu(): void {
  app.setAboutPanelOptions({
    applicationName: app.name,
    applicationVersion: app.getVersion(),
    copyright: 'The Tmem Console authors. MIT licence.',
  });
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(app.name, process.platform, app.isPackaged)));
}
