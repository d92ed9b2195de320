/** Every recording of a real kernel, read by every platform, against what is written down beside it. */
import { describe, expect, test } from 'vitest';
import { platforms } from '#core/platforms/index.ts';
import { expectation, listRecordings, readExpected, readRecording } from '../../../support/recordings.ts';

const recordings = listRecordings();

test('there are recordings of several kernels', () => {
  expect(new Set(recordings.map(({ name }) => name.split('/')[0])).size).toBeGreaterThan(3);
});

describe.each(recordings)('$name', (recording) => {
  const read = expectation(platforms, readRecording(recording));

  test('is claimed by a platform', () => {
    expect(Object.keys(read)).not.toEqual([]);
  });

  test('is read as written down', () => {
    expect(read, 'npm run golden rewrites the expectation, for review').toEqual(readExpected(recording));
  });

  test('says nothing outside the catalogue', () => {
    expect(JSON.stringify(read)).not.toContain('(not in the catalogue)');
  });
});
