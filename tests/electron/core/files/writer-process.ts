/** A program for the tests: writes one file over and over until it is killed, saying so after each. */
import { openTextFile } from '#core/files/text-file.ts';

const [path = '', size = '0'] = process.argv.slice(2);
const file = await openTextFile(path);
for (let count = 1; ; count += 1) {
  await file.write(`${count}:${String(count % 10).repeat(Number(size))}:${count}`);
  process.stdout.write(`${count}\n`);
}
