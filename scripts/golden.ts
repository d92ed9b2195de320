/**
 * `npm run golden`: writes down anew what every platform reads from every recording. The difference is reviewed like
 * code: it is what the change means for real kernels.
 */
import { writeFileSync } from 'node:fs';
import { platforms } from '#core/platforms/index.ts';
import {
  expectation,
  renderExpectation,
  listRecordings,
  readExpected,
  readRecording,
} from '../tests/support/recordings.ts';

let changed = 0;
for (const recording of listRecordings()) {
  const text = renderExpectation(expectation(platforms, readRecording(recording)));
  const before = readExpected(recording);
  if (before !== undefined && renderExpectation(before) === text) continue;
  writeFileSync(recording.expectedFile, text);
  console.log(`${before === undefined ? 'new    ' : 'changed'}  ${recording.name}`);
  changed += 1;
}
console.log(`${listRecordings().length} recordings, ${changed} expectations written`);
