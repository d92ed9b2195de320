/**
 * A figure as it can be opened: what the kernel counted with the formula over it, or the sum of figures that can be
 * opened in turn. The tables of Savings make these; FigureDialog shows one. Pure but for provide and inject.
 */
import { inject, provide, type InjectionKey } from 'vue';
import type { FigureUnit, LedgerEntry, LedgerFigure } from '#shared/model/ledger.ts';

export interface OpenFigure {
  readonly title: string;
  readonly value: number;
  readonly unit: FigureUnit;
  /** From the counters themselves. */
  readonly figure?: LedgerFigure;
  /** What it is the sum of. */
  readonly parts?: readonly OpenFigure[];
  /** As a part of a sum: "host-07, zram0". */
  readonly name?: string;
  /** Milliseconds for which the terms are known. */
  readonly coveredMs?: number;
  readonly notes: readonly string[];
}

export type EntryFigure = 'gross' | 'overhead' | 'net';

const figureWords: { readonly [which in EntryFigure]: string } = {
  gross: 'before what keeping it takes',
  overhead: 'what keeping it takes',
  net: 'net',
};

/** One figure of an entry; undefined where its kernel does not tell. */
export function figureOf(entry: LedgerEntry, which: EntryFigure, whose: string): OpenFigure | undefined {
  const figure = entry[which];
  if (figure === undefined) return undefined;
  const title = entry.instance === '' ? entry.title : `${entry.title} (${entry.instance})`;
  return {
    title: `${title}, ${figureWords[which]}, on ${whose}`,
    name: entry.instance === '' ? `${whose}: ${entry.title}` : `${whose}: ${entry.title} (${entry.instance})`,
    value: figure.value,
    unit: figure.unit,
    figure,
    coveredMs: entry.coveredMs,
    notes: entry.notes,
  };
}

export const plainFigure = (title: string, figure: LedgerFigure, notes: readonly string[] = []): OpenFigure => ({
  title,
  value: figure.value,
  unit: figure.unit,
  figure,
  notes,
});

/** A single part stands for itself. Undefined where there is none: that is not zero. */
export function sumOf(title: string, parts: readonly (OpenFigure | undefined)[]): OpenFigure | undefined {
  const told = parts.filter((part) => part !== undefined);
  const [first] = told;
  if (first === undefined) return undefined;
  if (told.length === 1) return { ...first, name: title };
  return {
    title,
    name: title,
    value: told.reduce((sum, { value }) => sum + value, 0),
    unit: first.unit,
    parts: told,
    notes: [...new Set(told.flatMap(({ notes }) => notes))],
  };
}

type Opener = (figure: OpenFigure) => void;
const key: InjectionKey<Opener> = Symbol('figures');

export const provideFigures = (open: Opener): void => provide(key, open);
export const useFigures = (): Opener => inject(key, () => undefined);
