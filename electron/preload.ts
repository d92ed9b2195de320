/**
 * Runs in the page's process, in its own sealed world. Hands the port that the shell sends on to the page, and
 * exposes nothing: no function, no object, no Electron. Built as one CommonJS file, as a sandboxed preload has to be.
 */
import { ipcRenderer } from 'electron';
import { consoleOrigin, portMessage } from './shell/address.ts';

ipcRenderer.on(portMessage, (event) => {
  // Bound to our origin: should the window ever show something else, the port is lost rather than given away.
  window.postMessage({ type: portMessage }, consoleOrigin, event.ports);
});
