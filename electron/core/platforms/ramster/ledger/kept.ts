/**
 * What zcache keeps compressed, by generation (2.6.39 to 3.8, and since 3.7) and kind. Swapped pages are memory saved;
 * cache pages are capacity gained, as they may vanish. On a donor other nodes' pages are left out, with their share of
 * the frames.
 */
import type { RuleFigure, RuleTerm, SavingRule } from '../../ledger.ts';
import { last, mean } from '../../ledger.ts';

export const pageSize: RuleTerm = last('host.page-size', 'the host’s page size, getconf PAGESIZE');

type Terms = { readonly [name: string]: RuleTerm };

export interface Kind {
  readonly kind: 'persistent' | 'ephemeral';
  /** Names of the terms: pages kept, other nodes' among them, and what they take as a formula in bytes. */
  readonly count: string;
  readonly foreign: string;
  readonly takes: string;
  /** What other nodes' pages take of that. */
  readonly lent: string;
  readonly counted: Terms;
  readonly others: Terms;
  /** Of `takes`; the page size among them where it counts frames. */
  readonly taken: Terms;
  readonly notes: readonly string[];
}

export interface Generation {
  readonly suffix: string;
  readonly persistent: Kind;
  readonly ephemeral: Kind;
}

const debug = '/sys/kernel/debug/zcache';
const sysfs = '/sys/kernel/mm/zcache';

const foreignTerm = (name: string): RuleTerm => mean(`ramster.${name}`, `ramster, ${name}`);
/** The part of `takes` that `some` of `count` pages take; no pages take nothing. */
const share = (takes: string, some: string, count: string): string => `${takes} × ${some} ÷ max(${count}, 1)`;

function kindOf(
  kind: Kind['kind'],
  count: readonly [name: string, RuleTerm],
  taken: { readonly formula: string; readonly terms: Terms },
  notes: readonly string[],
): Kind {
  const foreign = kind === 'persistent' ? 'foreign_pers_pages' : 'foreign_eph_pages';
  const [name, term] = count;
  return {
    kind,
    count: name,
    foreign,
    takes: taken.formula,
    lent: share(taken.formula, `min(${foreign}, ${name})`, name),
    counted: { [name]: term },
    others: { [foreign]: foreignTerm(foreign) },
    taken: taken.terms,
    notes,
  };
}

const frames = (file: string, directory: string) => ({
  formula: `${file} × P`,
  terms: { [file]: mean(`zcache.${file}`, `${directory}/${file}`), P: pageSize },
});

const gross = 'What tmem’s own objects take is not told and not taken off.';
const zeroes = 'Pages of zeros are among the pages kept, and take no frame.';

export const generations: readonly Generation[] = [
  {
    suffix: '',
    persistent: kindOf(
      'persistent',
      ['pers_zpages', mean('zcache.pers_zpages', `${debug}/pers_zpages`)],
      frames('pers_pageframes', debug),
      [gross, zeroes],
    ),
    ephemeral: kindOf(
      'ephemeral',
      ['eph_zpages', mean('zcache.eph_zpages', `${debug}/eph_zpages`)],
      frames('eph_pageframes', debug),
      [gross, zeroes],
    ),
  },
  {
    suffix: '-v1',
    persistent: kindOf(
      'persistent',
      ['pages_kept', mean('zcache.zv_curr_dist_counts.pages', `${sysfs}/zv_curr_dist_counts, Σ count`)],
      {
        formula: 'bytes_kept',
        terms: {
          bytes_kept: mean('zcache.zv_curr_dist_counts.bytes', `${sysfs}/zv_curr_dist_counts, Σ class · 64 · count`),
        },
      },
      [gross, 'This kernel counts no bytes of swapped pages: they follow from size classes and are rounded up.'],
    ),
    ephemeral: kindOf(
      'ephemeral',
      ['zbud_curr_zpages', mean('zcache.zbud_curr_zpages', `${sysfs}/zbud_curr_zpages`)],
      frames('zbud_curr_raw_pages', sysfs),
      [gross],
    ),
  },
];

/** A zcache that was never switched on reads 0 everywhere: nothing is kept by it, and nothing is said. */
const running = {
  persistent: { metric: 'zcache.saved.persistent' },
  ephemeral: { metric: 'zcache.capacity.ephemeral' },
} as const;

const titles = {
  persistent: 'Swapped pages kept compressed by zcache',
  ephemeral: 'Cache pages kept compressed by zcache',
} as const;
const mayVanish = 'Room for cache that may vanish at any moment: capacity gained, and no memory saved.';
const estimated =
  'Other nodes’ pages are left out; what they take of the frames is their share by number, an estimate.';

function rulesOf(of: Kind, suffix: string): readonly SavingRule[] {
  const { kind, count, foreign, takes, counted, others, taken, notes } = of;
  const base = {
    mechanism: 'zcache',
    part: kind === 'persistent' ? 'saved' : 'capacity',
    level: 'host',
    title: titles[kind],
    notes: kind === 'persistent' ? notes : [mayVanish, ...notes],
  } as const;
  const bytes = (formula: string, terms: Terms): RuleFigure => ({ unit: 'bytes', formula, terms });
  const mine = { ...counted, ...others };
  const own = `max(${count} − ${foreign}, 0)`;
  const whole = `zcache-${kind}${suffix}`;
  return [
    {
      ...base,
      id: `${whole}-own`,
      notes: [...base.notes, estimated],
      gross: bytes(`${own} × P`, { ...mine, P: pageSize }),
      overhead: bytes(share(takes, own, count), { ...mine, ...taken }),
      when: [running[kind], { metric: `ramster.${foreign}`, is: 'positive' }],
    },
    {
      ...base,
      id: whole,
      gross: bytes(`${count} × P`, { ...counted, P: pageSize }),
      overhead: bytes(takes, taken),
      when: [running[kind]],
      unless: [`${whole}-own`],
    },
  ];
}

export const kept: readonly SavingRule[] = generations.flatMap(({ suffix, persistent, ephemeral }) => [
  ...rulesOf(persistent, suffix),
  ...rulesOf(ephemeral, suffix),
]);
