/** The rules of all platforms: each can be computed from what the history keeps, and says where it stands. */
import { describe, expect, test } from 'vitest';
import { platforms } from '#core/platforms/index.ts';
import type { RuleFigure, RuleTerm } from '#core/platforms/ledger.ts';
import { parseFormula } from '#core/ledger/formula.ts';
import { allRules, metricsOf } from '#core/ledger/rules.ts';
import { catalogue, stateOf } from './span.ts';
import { listRecordings } from '../../../support/recordings.ts';

const rules = allRules(platforms);
const everyRule = [...rules.savings, ...rules.harm];
const ids = everyRule.map(({ id }) => id);

const figuresOf = (rule: (typeof everyRule)[number]): readonly RuleFigure[] =>
  'gross' in rule ? [rule.gross, rule.overhead ?? [], rule.net ?? []].flat() : [rule.figure];
const ratios = [...rules.overcommit, ...rules.effective];
const termsOf = ({ terms }: { readonly terms: RuleFigure['terms'] }): readonly RuleTerm[] => Object.values(terms);
const metricIn = (term: RuleTerm): string | undefined =>
  'metric' in term ? term.metric : 'knownTimeOf' in term ? term.knownTimeOf : undefined;

test('every platform has some, and no id is there twice', () => {
  expect(platforms.every(({ ledger }) => (ledger?.savings.length ?? 0) > 0)).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
});

describe.each(everyRule.map((rule) => [rule.id, rule] as const))('%s', (_id, rule) => {
  test('its formulas name its terms, all of them', () => {
    for (const { formula, terms, enough, optional = [] } of figuresOf(rule)) {
      const names = parseFormula(formula).names;
      expect([...names].sort()).toEqual(Object.keys(terms).sort());
      for (const name of [...parseFormula(enough?.of ?? '0').names, ...optional]) expect(names).toContain(name);
    }
  });

  test('equal names are equal terms, so that gross − overhead can be one formula', () => {
    const known = new Map<string, RuleTerm>();
    for (const { terms } of figuresOf(rule))
      for (const [name, term] of Object.entries(terms)) {
        expect(known.get(name) ?? term).toEqual(term);
        known.set(name, term);
      }
  });

  test('what it needs is kept over time, on its level or its host’s', () => {
    const conditions = [...(rule.when ?? []), ...(rule.cautions ?? []).map(({ when }) => when)];
    const metrics = [
      ...figuresOf(rule)
        .flatMap(termsOf)
        .flatMap((term) => metricIn(term) ?? []),
      ...conditions.map(({ metric }) => metric),
      ...('peak' in rule && rule.peak !== undefined ? [rule.peak] : []),
    ];
    for (const metric of metrics) {
      const def = catalogue.get(metric);
      expect(def?.charted, metric).toBe(true);
      expect(def?.unit, metric).not.toBe('text');
      expect([rule.level, 'host'], metric).toContain(def?.instance);
    }
  });

  test('counters are increases, and levels are none', () => {
    for (const term of figuresOf(rule).flatMap(termsOf))
      if ('metric' in term)
        expect(catalogue.get(term.metric)?.kind === 'counter').toBe(term.how === 'increase' || term.how === 'steady');
  });

  test('the rules it names are there', () => {
    for (const other of rule.unless ?? []) expect(ids).toContain(other);
  });

  test('its notes are sentences', () => {
    for (const note of [...rule.notes, ...(rule.cautions ?? []).map((one) => one.note)]) {
      expect(note).toMatch(/^\S.*\.$/);
      expect(note).not.toMatch(/!|please|successfully/i);
    }
  });
});

test('ratios are of what the history keeps', () => {
  for (const { part, whole, terms } of ratios) {
    const names = [...parseFormula(part).names, ...parseFormula(whole).names];
    expect(names.sort()).toEqual(Object.keys(terms).sort());
    for (const term of termsOf({ terms })) expect(catalogue.get(metricIn(term) ?? '')?.charted).toBe(true);
  }
});

/** Where a kernel of a recording told it: the file that a term names is the file it was read from. */
test('terms name the files they are read from', () => {
  const terms = everyRule.flatMap(figuresOf).flatMap(termsOf);
  const named = new Map(terms.flatMap((term) => ('metric' in term ? [[term.metric, term.source] as const] : [])));
  const checked = new Set<string>();
  for (const { name } of listRecordings()) {
    for (const { metric, source, instance } of stateOf(name).values) {
      const said = named.get(metric);
      if (said === undefined || !source.startsWith('/') || !said.startsWith('/')) continue;
      const device = said.replace('<device>', instance);
      expect([device, device.slice(0, device.lastIndexOf(', '))], metric).toContain(source);
      checked.add(metric);
    }
  }
  expect(checked.size).toBeGreaterThan(30);
});

test('the history is asked for each metric once', () => {
  const metrics = metricsOf(rules, catalogue);
  expect(new Set(metrics).size).toBe(metrics.length);
  expect(metrics).toContain('host.page-size');
  expect(metrics).toContain('meminfo.MemTotal');
  expect(metrics).toContain('pressure.memory.some.avg10');
});
