#!/usr/bin/env node
// A browser that prints: does what its first page's title says. Started by chromium.test.ts in place of a real one.
import { readFileSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const words = process.argv.slice(2);
const valueOf = (name) => words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
const page = readFileSync(fileURLToPath(words.at(-1)), 'utf8');
const order = /<title>(.*?)<\/title>/.exec(page)?.[1] ?? '';
const told = /<meta name="tell" content="(.*?)">/.exec(page)?.[1];
if (told) writeFileSync(told, JSON.stringify({ words, pid: process.pid }));
if (order === 'fail') {
  process.stderr.write('no usable display\n');
  process.exit(3);
} else if (order === 'leave') {
  // Prints, and leaves a helper of its own behind.
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  child.unref();
  writeFileSync(told, JSON.stringify({ words, pid: process.pid, child: child.pid }));
  writeFileSync(valueOf('print-to-pdf'), '%PDF-1.4');
} else if (order === 'nothing') {
  process.exit(0);
} else if (order === 'hang') {
  // With a child of its own, as browsers have.
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  writeFileSync(told, JSON.stringify({ words, pid: process.pid, child: child.pid }));
  setInterval(() => {}, 1000);
} else {
  writeFileSync(valueOf('print-to-pdf'), `%PDF-1.4 of ${page.length}`);
}
