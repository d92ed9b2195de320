/**
 * The recordings of real kernels under tests/recordings/ and what is expected of them. The golden test and
 * scripts/golden.ts both use `expectation`: what one computes, the other compares.
 *
 * A recording is `<system>/<name>.rec`; beside it `<name>.expected.json` holds, for the machine that spoke and for
 * each other machine in the same capture, what every platform reads there.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseDump } from '#core/platforms/kernel/dump.ts';
import type { Capture } from '#core/platforms/kernel/dump.ts';
import type { Detection, Platform, Reading } from '#core/platforms/platform.ts';

export const recordingsDir = fileURLToPath(new URL('../recordings', import.meta.url));

export interface Recording {
  /** `debian-6.1/under-pressure` */
  readonly name: string;
  readonly file: string;
  readonly expectedFile: string;
}

/** One value as one string, so that a change of a value is one line of a diff. */
type Row = string;

export interface MachineExpectation {
  readonly machine: string;
  readonly detection: Detection;
  /** `metric [instance] = value unit @line` in reading order; a guest's own values leave its key out. */
  readonly values: readonly Row[];
  readonly guests: readonly (Omit<Reading['guests'][number], 'values'> & { readonly values: readonly Row[] })[];
  readonly pools?: Reading['pools'];
  readonly clusters?: Reading['clusters'];
  readonly troubles: Reading['troubles'];
}

/** By platform id, for each machine of the capture on which the platform is there. */
export type Expectation = Readonly<Record<string, readonly MachineExpectation[]>>;

export function listRecordings(): readonly Recording[] {
  return readdirSync(recordingsDir, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.rec'))
    .sort()
    .map((path) => {
      const file = join(recordingsDir, path);
      const bare = file.slice(0, -'.rec'.length);
      return { name: relative(recordingsDir, bare), file, expectedFile: `${bare}.expected.json` };
    });
}

export const readRecording = ({ file }: Recording): string => readFileSync(file, 'utf8');

/** undefined where nobody has written down what is expected yet. */
export function readExpected({ expectedFile }: Recording): Expectation | undefined {
  return existsSync(expectedFile) ? (JSON.parse(readFileSync(expectedFile, 'utf8')) as Expectation) : undefined;
}

/** What each platform reads from the recording's text; platforms that are not there are left out. */
export function expectation(platforms: readonly Platform[], text: string): Expectation {
  const capture = parseDump(text);
  const found = platforms.map((platform) => {
    const machines = [capture, ...capture.others].flatMap((machine) => expectMachine(platform, machine) ?? []);
    return [platform.id, machines] as const;
  });
  return Object.fromEntries(found.filter(([, machines]) => machines.length > 0));
}

/** As it stands in the file: one value per line, newline at the end. */
export const renderExpectation = (expected: Expectation): string => `${JSON.stringify(expected, null, 1)}\n`;

function expectMachine(platform: Platform, capture: Capture): MachineExpectation | undefined {
  const detection = platform.detect(capture);
  if (detection.presence === 'none') return undefined;
  const units = new Map(platform.catalogue.map(({ id, unit }) => [id, unit]));
  const row =
    (known: string) =>
    ({ metric, instance, value, line }: Reading['values'][number]): Row => {
      const whose = instance === known ? '' : ` [${instance}]`;
      const where = line === undefined ? '' : ` @${String(line)}`;
      return `${metric}${whose} = ${String(value)} ${units.get(metric) ?? '(not in the catalogue)'}${where}`;
    };
  const reading = platform.read(capture);
  return {
    machine: capture.machine,
    detection,
    values: reading.values.map(row('')),
    guests: reading.guests.map((guest) => ({ ...guest, values: guest.values.map(row(guest.key)) })),
    ...(reading.pools === undefined || reading.pools.length === 0 ? {} : { pools: reading.pools }),
    ...(reading.clusters === undefined || reading.clusters.length === 0 ? {} : { clusters: reading.clusters }),
    troubles: reading.troubles,
  };
}
