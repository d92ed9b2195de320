/** Starts the pages: picks the door by where the page came from, and mounts the app. */
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { linkKey } from './console.ts';
import { keepLinked } from './door/link.ts';
import { openPort } from './door/port-channel.ts';
import { openSocket, socketUrl } from './door/socket-channel.ts';
import App from './App.vue';
import { createConsoleRouter } from './routes.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';

const served = window.location.protocol.startsWith('http');
// The token has to leave the address bar before the router reads the address.
const url = served ? socketUrl(window) : '';
const link = keepLinked(served ? () => openSocket(url) : () => openPort(window));

createApp(App).provide(linkKey, link).use(createPinia()).use(createConsoleRouter()).mount('#app');
