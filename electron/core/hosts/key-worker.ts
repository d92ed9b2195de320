/**
 * Runs in a worker thread: opens an encrypted private key. Deriving the key of an OpenSSH file takes most of a second
 * of uninterrupted work, which the console's own thread must not do. Told nothing but the file's bytes and the
 * passphrase; answers once and ends.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { openKey } from './open-key.ts';

const { text, passphrase } = workerData as { text: string; passphrase: string };
parentPort?.postMessage(openKey(text, passphrase));
