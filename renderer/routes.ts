/** Every page of the console and its address. Addresses live behind `#`, so both doors can serve them as one file. */
import { createRouter, createWebHashHistory, type RouterHistory, type RouteRecordRaw } from 'vue-router';

declare module 'vue-router' {
  interface RouteMeta {
    /** The words in the breadcrumb and the window's title. */
    readonly title: string;
    /** The page has a span of time of its own: the bar offers none. */
    readonly ownSpan?: true;
  }
}

const addHost = () => import('./pages/add-host/AddHostPage.vue');

export const routes: RouteRecordRaw[] = [
  { path: '/', name: 'fleet', component: () => import('./pages/fleet/FleetPage.vue'), meta: { title: 'Fleet' } },
  {
    path: '/hosts/:host/edit',
    name: 'edit-host',
    component: addHost,
    props: true,
    meta: { title: 'Edit' },
  },
  {
    path: '/hosts/:host/guests/:guest',
    name: 'guest',
    component: () => import('./pages/guest/GuestPage.vue'),
    props: true,
    meta: { title: 'Guest' },
  },
  {
    path: '/hosts/:host/:tab?',
    name: 'host',
    component: () => import('./pages/host/HostPage.vue'),
    props: true,
    meta: { title: 'Host' },
  },
  {
    path: '/guests',
    name: 'guests',
    component: () => import('./pages/guests/GuestsPage.vue'),
    meta: { title: 'Guests' },
  },
  {
    path: '/clusters',
    name: 'clusters',
    component: () => import('./pages/clusters/ClustersPage.vue'),
    meta: { title: 'Cluster' },
  },
  {
    path: '/changes/:plan',
    name: 'plan',
    component: () => import('./pages/changes/PlanPage.vue'),
    props: true,
    meta: { title: 'Change' },
  },
  {
    path: '/changes',
    name: 'changes',
    component: () => import('./pages/changes/ChangesPage.vue'),
    meta: { title: 'Changes' },
  },
  {
    path: '/change/:wizard',
    name: 'change',
    component: () => import('./pages/change/ChangeWizard.vue'),
    props: true,
    meta: { title: 'New change' },
  },
  {
    path: '/history',
    name: 'history',
    component: () => import('./pages/history/HistoryPage.vue'),
    meta: { title: 'History', ownSpan: true },
  },
  {
    path: '/savings',
    name: 'savings',
    component: () => import('./pages/savings/SavingsPage.vue'),
    meta: { title: 'Savings', ownSpan: true },
  },
  {
    path: '/reports',
    name: 'reports',
    component: () => import('./pages/reports/ReportsPage.vue'),
    meta: { title: 'Reports', ownSpan: true },
  },
  {
    path: '/settings',
    name: 'settings',
    component: () => import('./pages/settings/SettingsPage.vue'),
    meta: { title: 'Settings' },
  },
  { path: '/add-host', name: 'add-host', component: addHost, meta: { title: 'Add a host' } },
  {
    path: '/import-hosts',
    name: 'import-hosts',
    component: () => import('./pages/add-host/ImportHostsPage.vue'),
    meta: { title: 'Import hosts' },
  },
  { path: '/:rest(.*)*', redirect: { name: 'fleet' } },
];

export function createConsoleRouter(history: RouterHistory = createWebHashHistory()) {
  return createRouter({ history, routes });
}
