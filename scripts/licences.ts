/**
 * Checks that every package that ships with the product, or is built into its pages, has a licence that lets it:
 * `npm run licences`. A package without a known one fails the check by name.
 */
import { init } from 'license-checker-rseidelsohn';
import type { ModuleInfos } from 'license-checker-rseidelsohn';
import { fileURLToPath } from 'node:url';

const allowed = new Set([
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
  'Python-2.0',
  'MIT-0',
  'WTFPL',
  'Zlib',
]);
/** Ship with the desktop application or inside the pages, though they stand among the development packages. */
const builtIn = [
  'electron',
  'vue',
  'vue-router',
  'pinia',
  'chart.js',
  'reka-ui',
  '@tanstack/vue-virtual',
  '@lucide/vue',
];

const start = fileURLToPath(new URL('..', import.meta.url));

function packages(production: boolean): Promise<ModuleInfos> {
  return new Promise((resolve, reject) =>
    init({ start, production, excludePrivatePackages: true }, (error, found) =>
      error ? reject(error) : resolve(found),
    ),
  );
}

/** `(MIT OR GPL-2.0)` is fine when one of the choices is; `MIT AND X` only when both are. */
function permits(licence: string): boolean {
  const words = licence.replace(/[()*]/g, '');
  if (words.includes(' OR ')) return words.split(' OR ').some(permits);
  return words.split(' AND ').every((one) => allowed.has(one.trim()));
}

const [shipped, all] = await Promise.all([packages(true), packages(false)]);
const checked = {
  ...shipped,
  ...Object.fromEntries(Object.entries(all).filter(([name]) => builtIn.some((one) => name.startsWith(`${one}@`)))),
};
const refused = Object.entries(checked).filter(([, { licenses }]) => !permits(String(licenses)));
const missing = builtIn.filter((one) => !Object.keys(checked).some((name) => name.startsWith(`${one}@`)));

for (const [name, { licenses }] of refused) console.error(`${name}: ${String(licenses)}`);
for (const name of missing) console.error(`${name}: is not installed`);
console.log(`${Object.keys(checked).length} packages checked, ${refused.length + missing.length} refused`);
process.exit(refused.length + missing.length === 0 ? 0 : 1);
