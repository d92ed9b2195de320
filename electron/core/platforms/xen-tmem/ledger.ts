/**
 * What transcendent memory in Xen saves and what that costs, as rules of the ledger; index.ts hands them to the ledger
 * room. The formulas are those of docs/domain.md 5.1 xen-compressed, xen-capacity, xen-dedup and ballooned.
 */
import type { HarmRule, LedgerRules, RuleFigure, RuleTerm, SavingRule } from '../ledger.ts';
import { increase, last, mean } from '../ledger.ts';

const list = 'xl tmem-list -l -a';
const P: RuleTerm = last('xen-tmem.page-size', 'xl info, xen_pagesize');
const ofAll = (key: string): RuleTerm => mean(`xen.tmem.G.${key}`, `${list}, G line, ${key}`);

/** Compressed pages count once: the ephemeral ones under capacity, the others here (docs/domain.md 5.2 trap 4). */
const persistent = (level: 'host' | 'guest'): SavingRule => {
  const id = level === 'host' ? 'xen-tmem.compressed.persistent' : 'xen-tmem.guest.compressed.persistent';
  const some = level === 'host' ? 'Σ over C lines' : 'its C line';
  return {
    id: `tmem-persistent-${level}`,
    mechanism: 'tmem-persistent',
    part: 'saved',
    level,
    title: 'Swap pages kept compressed by tmem',
    gross: {
      unit: 'bytes',
      formula: 'compressed_pages × P',
      terms: { compressed_pages: mean(id, `${list}, ${some}, max(cp − Ec, 0)`), P },
    },
    overhead: {
      unit: 'bytes',
      formula: 'compressed_bytes',
      terms: { compressed_bytes: mean(`${id}.bytes`, `${list}, ${some}, cb · max(cp − Ec, 0) ÷ cp`) },
    },
    notes: [
      'cp and cb hold ephemeral pages too: as many of the compressed pages as can be are taken to be ephemeral and are left out, as cache is capacity and no memory saved.',
      'What they take is in the guest’s Mem already, and is added to nothing.',
    ],
  };
};

const gained = { unit: 'bytes', formula: 'Ec × P', terms: { Ec: ofAll('Ec'), P } } as const satisfies RuleFigure;

/** What ephemeral pages take of the RAM that no domain has; with deduplication each content once. */
const taken: readonly {
  readonly id: string;
  readonly overhead: RuleFigure;
  readonly note: string;
  readonly of?: string;
}[] = [
  {
    id: 'tmem-ephemeral-tze',
    overhead: { unit: 'bytes', formula: 'Zt', terms: { Zt: ofAll('Zt') } },
    note: 'Equal contents are kept once (Sc of Ec pages), without the zeros at their end (Zt bytes).',
    of: 'xen-tmem.tze',
  },
  {
    id: 'tmem-ephemeral-dedup',
    overhead: { unit: 'bytes', formula: 'Sc × P', terms: { Sc: ofAll('Sc'), P } },
    note: 'Equal contents are kept once: Sc of Ec pages.',
    of: 'xen-tmem.saved.merged',
  },
  {
    id: 'tmem-ephemeral',
    overhead: {
      unit: 'bytes',
      formula: 'freeable − idle',
      terms: {
        freeable: mean('xen-tmem.freeable.estimate', `${list}, (Ta + frames of ephemeral pages) · P`),
        idle: mean('xen-tmem.idle', `${list}, G line, Ta · P`),
      },
    },
    note: 'What they take is an estimate at the low end, where some are compressed.',
  },
];

const ephemeral: readonly SavingRule[] = taken.map(({ id, overhead, note, of }, index) => ({
  id,
  mechanism: 'tmem-ephemeral',
  part: 'capacity',
  level: 'host',
  title: 'Cache of guests kept by tmem',
  gross: gained,
  overhead,
  // Not taken off: it is RAM that no domain has, and Xen gets it back when it needs it.
  net: gained,
  notes: [
    'It may vanish at any moment: capacity gained, and no memory saved. A shared pool counts once.',
    'What it takes is RAM that no domain has and that Xen takes back when it needs it, so it is shown and not taken off.',
    note,
  ],
  ...(of === undefined ? {} : { when: [{ metric: of }] }),
  unless: taken.slice(0, index).map((other) => other.id),
}));

const ephemeralOfGuest: SavingRule = {
  id: 'tmem-ephemeral-guest',
  mechanism: 'tmem-ephemeral',
  part: 'capacity',
  level: 'guest',
  title: 'Its cache kept by tmem',
  gross: {
    unit: 'bytes',
    formula: 'pages × P',
    terms: { pages: mean('xen-tmem.guest.ephemeral.pages', `${list}, Σ Pc of its EP pools`), P },
  },
  notes: ['Of its private pools only: a shared pool belongs to no single guest.', 'It may vanish at any moment.'],
};

const balloon = (level: 'host' | 'guest'): SavingRule => {
  const prefix = level === 'host' ? 'xen-tmem.balloon' : 'xen-tmem.guest';
  const sum = level === 'host' ? 'Σ ' : '';
  return {
    id: `xen-balloon-${level}`,
    mechanism: 'balloon',
    part: 'saved',
    level,
    title: level === 'host' ? 'Taken back by balloons' : 'Taken back by its balloon',
    gross: {
      unit: 'bytes',
      formula: 'promised − allowed',
      terms: {
        promised: mean(`${prefix}.promised`, `${sum}max_memkb of xl list -l, or static-max in xenstore`),
        allowed: mean(`${prefix}.allowed`, `${sum}target of xl list -l or xenstore, else MAXMEM of xentop`),
      },
    },
    overhead: {
      unit: 'bytes',
      formula: 'beyond',
      terms: { beyond: mean(`${prefix}.beyond`, `${sum}Mem of xl list − allowed, of what was taken back`) },
    },
    notes: [
      'Persistent tmem pages are in Mem: where a guest has more than its target, they have taken that room again.',
    ],
  };
};

type Traffic = Pick<SavingRule, 'id' | 'mechanism' | 'part' | 'level' | 'title' | 'notes'>;
const traffic = (about: Traffic, name: string, term: RuleTerm): SavingRule => ({
  ...about,
  gross: { unit: 'pages', formula: name, terms: { [name]: term } },
});

const avoided: readonly SavingRule[] = [
  traffic(
    {
      id: 'tmem-ephemeral-reads',
      mechanism: 'tmem-ephemeral',
      part: 'reads-avoided',
      level: 'host',
      title: 'Disk reads of guests served by tmem',
      notes: ['Hits of shared pools are in them once.'],
    },
    'Ge',
    increase('xen-tmem.ephemeral.hits', `${list}, Σ Ge of C lines`),
  ),
  traffic(
    {
      id: 'tmem-ephemeral-reads-guest',
      mechanism: 'tmem-ephemeral',
      part: 'reads-avoided',
      level: 'guest',
      title: 'Its disk reads served by tmem',
      notes: ['Of its private pools only: hits of a shared pool are told for its first user, whoever made them.'],
    },
    'gs',
    increase('xen-tmem.guest.ephemeral.hits', `${list}, Σ gs of its EP pools`),
  ),
  ...(['host', 'guest'] as const).flatMap((level) => {
    const term = (key: string, all: string): RuleTerm =>
      level === 'host'
        ? increase(`xen-tmem.persistent.${all}`, `${list}, Σ ${key} of C lines`)
        : increase(`xen.tmem.C.${key}`, `${list}, its C line, ${key}`);
    const about = { mechanism: 'tmem-persistent', level, notes: [] } as const;
    return [
      traffic(
        { ...about, id: `tmem-persistent-writes-${level}`, part: 'writes-avoided', title: 'Swap writes kept by tmem' },
        'Pp',
        term('Pp', 'puts'),
      ),
      traffic(
        { ...about, id: `tmem-persistent-reads-${level}`, part: 'reads-avoided', title: 'Swap reads served by tmem' },
        'Gp',
        term('Gp', 'gets'),
      ),
    ];
  }),
];

/** docs/domain.md 5.1 xen-refused */
const rejects = (['host', 'guest'] as const).map((level): HarmRule => {
  const metric = level === 'host' ? 'xen-tmem.refused' : 'xen-tmem.guest.refused';
  return {
    id: `tmem-rejects-${level}`,
    harm: 'rejects',
    level,
    title: 'Pages refused by tmem',
    figure: {
      unit: 'pages',
      formula: 'px',
      terms: { px: increase(metric, `${list}, Σ px of ${level === 'host' ? 'all pools' : 'its private pools'}`) },
    },
    peak: metric,
    notes: ['Those refused because the whole host is out of memory are counted by nobody.'],
  };
});

export const ledger: LedgerRules = {
  savings: [
    persistent('host'),
    persistent('guest'),
    ...ephemeral,
    ephemeralOfGuest,
    balloon('host'),
    balloon('guest'),
    ...avoided,
  ],
  harm: rejects,
  /** docs/domain.md 5.1 overcommit: what Domain-0 has is no guest's. */
  overcommit: {
    part: 'promised',
    whole: 'total_memory − Domain_0',
    terms: {
      promised: mean('xen-tmem.guests.promised', 'Σ max_memkb of xl list -l, or static-max in xenstore'),
      total_memory: mean('xen.info.total_memory', 'xl info, total_memory'),
      Domain_0: mean('xen.list.dom0.Mem', 'xl list, Mem of Domain-0'),
    },
  },
  effective: {
    part: 'current',
    whole: 'taken',
    terms: {
      current: mean('xen-tmem.guests.current', 'Σ targets of the guests, else their limits'),
      taken: mean('xen-tmem.guests.taken', 'Σ Mem of xl list of the same guests, persistent tmem pages included'),
    },
  },
};
