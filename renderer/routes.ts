/** Every page of the console and its address. Addresses live behind `#`, so both doors can serve them as one file. */
import { createRouter, createWebHashHistory, type RouterHistory, type RouteRecordRaw } from 'vue-router';

declare module 'vue-router' {
  interface RouteMeta {
    /** The words in the breadcrumb and the window's title. */
    readonly title: string;
  }
}

// Looked up by name, so that a page is one folder and one line here.
const pages = import.meta.glob('./pages/*/*Page.vue');
const page = (path: string) => pages[`./pages/${path}.vue`] ?? (() => Promise.reject(new Error(`no page ${path}`)));

export const routes: RouteRecordRaw[] = [
  { path: '/', name: 'fleet', component: page('fleet/FleetPage'), meta: { title: 'Fleet' } },
  {
    path: '/hosts/:host/edit',
    name: 'edit-host',
    component: page('add-host/AddHostPage'),
    props: true,
    meta: { title: 'Edit' },
  },
  {
    path: '/hosts/:host/guests/:guest',
    name: 'guest',
    component: page('guest/GuestPage'),
    props: true,
    meta: { title: 'Guest' },
  },
  { path: '/hosts/:host/:tab?', name: 'host', component: page('host/HostPage'), props: true, meta: { title: 'Host' } },
  { path: '/guests', name: 'guests', component: page('guests/GuestsPage'), meta: { title: 'Guests' } },
  { path: '/settings', name: 'settings', component: page('settings/SettingsPage'), meta: { title: 'Settings' } },
  { path: '/add-host', name: 'add-host', component: page('add-host/AddHostPage'), meta: { title: 'Add a host' } },
  {
    path: '/import-hosts',
    name: 'import-hosts',
    component: page('add-host/ImportHostsPage'),
    meta: { title: 'Import hosts' },
  },
  { path: '/:rest(.*)*', redirect: { name: 'fleet' } },
];

export function createConsoleRouter(history: RouterHistory = createWebHashHistory()) {
  return createRouter({ history, routes });
}
