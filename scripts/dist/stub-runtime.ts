/**
 * A folder that electron-builder takes for Electron's runtime where there is none and none can be fetched: the packing,
 * its archive and its sealing are then real, only the program does not run. Its binary holds nothing but the strip of
 * switches that gets sealed, as Electron ships it.
 */
import { createPackage } from '@electron/asar';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const mark = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** Version 1, then the number of switches, then one character for each in the order of @electron/fuses. */
const shippedStrip = Buffer.concat([Buffer.from(mark), Buffer.from([1, 9]), Buffer.from('101100011')]);

const words = 'This is a stub in the place of Electron. The package around it was made to be looked into; it does not run.\n';

/** Fills `folder`, which exists and is empty. @param version Electron's, as the package was asked for. */
export async function makeStubRuntime(folder: string, version: string): Promise<void> {
  const empty = join(folder, 'empty-app');
  await mkdir(join(folder, 'resources'));
  await mkdir(empty);
  await writeFile(join(empty, 'main.js'), '');
  await createPackage(empty, join(folder, 'resources', 'default_app.asar'));
  await writeFile(join(folder, 'version'), version);
  await writeFile(join(folder, 'STUB.txt'), words);
  const script = Buffer.from(`#!/bin/sh\necho '${words.trim()}' >&2\nexit 1\n`);
  await writeFile(join(folder, 'electron'), Buffer.concat([script, shippedStrip]), { mode: 0o755 });
}
