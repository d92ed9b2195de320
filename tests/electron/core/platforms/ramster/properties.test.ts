import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDump } from '#core/platforms/kernel/dump.ts';
import { linksShown, logShown } from '#core/platforms/ramster/commands.ts';
import { parseHistogram } from '#core/platforms/ramster/histogram.ts';
import { ramster } from '#core/platforms/ramster/index.ts';
import { epochMs } from '#shared/units.ts';
import { syntheticNode, syntheticV1, syntheticEvidence } from './synthetic.ts';

const paths = [...new Set([...Object.keys(syntheticNode), ...Object.keys(syntheticV1)])];
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
  fc.constantFrom('', '0', 'unset', '0 1 ', '0 1 2 3 4 5 6 7 ', '1 2 mean:3', '0.0.0.0', '\u001b[31m<script>'),
);

test('no text makes the platform throw, and what it says is finite', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...paths), text),
      fc.dictionary(fc.constantFrom(linksShown, logShown, 'dmesg', 'netstat -tn'), text),
      (files, commands) => {
        const evidence = syntheticEvidence(files, commands);
        ramster.detect(evidence);
        const { values, pools = [], clusters = [] } = ramster.read(evidence);
        for (const { value } of values) if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
        for (const { holds, takes } of pools) {
          expect(holds?.bytes ?? 0).toBeGreaterThanOrEqual(0);
          expect(takes?.bytes ?? 0).toBeGreaterThanOrEqual(0);
        }
        for (const { warnings } of clusters) for (const words of warnings) expect(words).not.toMatch(/NaN|undefined/);
      },
    ),
    { numRuns: 400 },
  );
});

test('names of clusters and nodes are text of the host, made fit to show', () => {
  const name = 'n\u202eo\u0007de';
  const evidence = syntheticEvidence({
    ...syntheticNode,
    [`/sys/kernel/config/cluster/c1/node/${name}/num`]: '0',
    [`/sys/kernel/config/cluster/c1/node/${name}/ipv4_port`]: '0',
  });
  const { values, clusters } = ramster.read(evidence);
  // A source is the file's own path, by which it is found again.
  const said = JSON.stringify([values.map(({ instance }) => instance), clusters, ramster.detect(evidence)]);
  expect(said).toContain('n\uFFFDo\uFFFDde');
  expect(said).not.toMatch(/[\u202e\u0007]/);
});

test('a histogram is the sum of its classes, whatever stands behind it', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 64 }), (counts) => {
      const pages = counts.reduce((sum, count) => sum + count, 0);
      const chunks = counts.reduce((sum, count, at) => sum + at * count, 0);
      const line = `${counts.join(' ')} mean:${String(pages === 0 ? 0 : Math.floor(chunks / pages))}`;
      const file = { path: '/x', text: line, line: 1, at: epochMs(0) };
      expect(parseHistogram(file, [])).toEqual({ pages, bytes: chunks * 64 });
    }),
  );
});

test('random captures', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (dump) => {
      const capture = parseDump(`/proc/cmdline:zcache ramster\n${dump}\n`);
      ramster.detect(capture);
      ramster.read(capture);
    }),
  );
});
