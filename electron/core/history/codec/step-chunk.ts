/**
 * Minutes of an hour, or hours of a day, of one piece as bytes. Made by rolling, read by every query that is coarser
 * than raw readings; the figures are those of steps.ts.
 *   check sum, version, step, count, begins, interval, covered, gaps, masks, length of each column, columns
 */
import type { Shape } from '../dictionary.ts';
import { ByteReader, ByteWriter, Damaged } from './bytes.ts';
import { Masks, readMasks, spread, toldIn } from './masks.ts';
import type { Mask } from './masks.ts';
import { readNumbers, writeNumbers } from './numbers.ts';
import type { StepColumn, Steps, Wanted } from './steps.ts';

const version = 1;
const out = new ByteWriter();
const body = new ByteWriter();

/** What a column's first byte says: lowest and highest are the mean; time, or growth without time, has a list of its own. */
const constant = 1;
const ownCovered = 2;
const hasLoose = 4;

export function encodeSteps(steps: Steps): Uint8Array {
  const { shape, begins, stepMs, covered } = steps;
  const count = begins.length;
  out.byte(version);
  out.varint(stepMs);
  out.varint(count);
  out.varint((begins[0] as number) / stepMs);
  const ahead = new Float64Array(count - 1);
  for (let index = 1; index < count; index++)
    ahead[index - 1] = ((begins[index] as number) - (begins[index - 1] as number)) / stepMs;
  writeNumbers(out, ahead, ahead.length);
  out.varint(steps.intervalMs);
  for (const figures of [covered, steps.gaps, steps.longest]) writeNumbers(out, figures, count);
  const masks = new Masks(count);
  const lengths = shape.columns.map((_, index) => {
    const column = steps.column(index);
    const mask = column === undefined ? undefined : masks.add(column.kind === 'level' ? column.mean : column.sum);
    if (column === undefined || mask === undefined) return 0;
    const before = body.length;
    body.varint(mask);
    writeColumn(column, covered);
    return body.length - before;
  });
  masks.write(out);
  out.varint(lengths.length);
  for (const length of lengths) out.varint(length);
  out.bytes(body.take());
  return out.takeChecked();
}

function writeColumn(column: StepColumn, covered: Float64Array): void {
  const main = column.kind === 'level' ? column.mean : column.sum;
  const present = (figures: Float64Array): Float64Array => figures.filter((_, index) => !Number.isNaN(main[index]));
  const own = column.covered.some((ms, index) => !Number.isNaN(main[index]) && ms !== covered[index]);
  const write = (figures: Float64Array): void => writeNumbers(body, figures, figures.length);
  if (column.kind === 'level') {
    const flat = column.low.every((low, index) => Number.isNaN(main[index]) || low === column.high[index]);
    body.byte((flat ? constant : 0) | (own ? ownCovered : 0));
    const low = present(column.low);
    write(low);
    if (!flat) {
      write(above(present(column.mean), low));
      write(above(present(column.high), low));
    }
  } else {
    const loose = column.loose.some((part) => part > 0);
    body.byte((own ? ownCovered : 0) | (loose ? hasLoose : 0));
    write(present(column.sum));
    write(present(column.peak));
    if (loose) write(present(column.loose));
  }
  if (own) write(present(column.covered));
}

/** Throws Damaged. */
export function decodeSteps(bytes: Uint8Array, shape: Shape): Steps {
  const reader = ByteReader.checked(bytes);
  if (reader.byte() !== version) throw new Damaged('version');
  const stepMs = reader.varint();
  const count = reader.varint();
  if (count === 0 || count > 100_000) throw new Damaged('count');
  const begins = new Float64Array(count);
  begins[0] = reader.varint() * stepMs;
  const ahead = readNumbers(reader, count - 1);
  for (let index = 1; index < count; index++)
    begins[index] = (begins[index - 1] as number) + (ahead[index - 1] as number) * stepMs;
  const intervalMs = reader.varint();
  const covered = readNumbers(reader, count);
  const gaps = readNumbers(reader, count);
  const longest = readNumbers(reader, count);
  const masks = readMasks(reader, count);
  if (reader.varint() !== shape.columns.length) throw new Damaged('shape');
  const lengths = shape.columns.map(() => reader.varint());
  const ends: number[] = [];
  lengths.reduce((end, length, index) => (ends[index] = end + length), reader.at);
  return {
    shape,
    stepMs,
    intervalMs,
    begins,
    covered,
    gaps,
    longest,
    column: (index, wanted = 'all') => {
      const length = lengths[index] ?? 0;
      if (length === 0) return undefined;
      const from = reader.from((ends[index] as number) - length);
      return readColumn(from, shape.counters[index] === true, masks, covered, wanted);
    },
  };
}

function readColumn(
  bytes: ByteReader,
  counter: boolean,
  masks: readonly Mask[],
  covered: Float64Array,
  wanted: Wanted,
): StepColumn {
  const number = bytes.varint();
  const mask = number === 0 ? undefined : masks[number - 1];
  if (number !== 0 && mask === undefined) throw new Damaged('mask');
  const count = mask === undefined ? covered.length : toldIn(mask);
  const whole = (packed: Float64Array): Float64Array => (mask === undefined ? packed : spread(packed, mask));
  const read = (): Float64Array => readNumbers(bytes, count);
  const flags = bytes.byte();
  if (counter) {
    const sum = whole(read());
    const peak = whole(read());
    const loose = (flags & hasLoose) === 0 ? new Float64Array(covered.length) : whole(read());
    return { kind: 'counter', sum, peak, loose, covered: (flags & ownCovered) === 0 ? covered : whole(read()) };
  }
  const low = read();
  const flat = (flags & constant) !== 0;
  const mean = flat ? low : onTop(read(), low);
  const hasOwn = (flags & ownCovered) !== 0;
  // A third of all there is to decode.
  const high = flat ? low : wanted === 'all' ? onTop(read(), low) : mean;
  if (!hasOwn) return { kind: 'level', mean: whole(mean), low: whole(low), high: whole(high), covered };
  if (high === mean && !flat) read();
  return { kind: 'level', mean: whole(mean), low: whole(low), high: whole(high), covered: whole(read()) };
}

/** Decimals are kept to four digits: a difference of two of them is made one again. */
const decimal = (value: number): number => (Number.isInteger(value) ? value : Math.round(value * 10_000) / 10_000);
const above = (values: Float64Array, low: Float64Array): Float64Array =>
  values.map((value, index) => decimal(value - (low[index] as number)));
/** Changes `parts`. */
function onTop(parts: Float64Array, low: Float64Array): Float64Array {
  for (let index = 0; index < parts.length; index++)
    parts[index] = decimal((parts[index] as number) + (low[index] as number));
  return parts;
}
