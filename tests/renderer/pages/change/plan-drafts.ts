/** Wishes, forms and plans as the core would answer them, for tests of the wizard. */
import type { Draft, Plan, PlanStep, PlanView } from '#shared/model/plan.ts';
import { usualWaves } from '#shared/model/plan.ts';
import type { WishField, WishForm, WishOffer, WishTarget } from '#shared/model/wish.ts';
import { epochMs } from '#shared/units.ts';

export const offer = (
  id: string,
  more: Partial<WishOffer> & { readonly of?: 'host' | 'guest' | 'cluster' } = {},
): WishOffer => ({
  wish: { id, wizard: 'compress', title: `Do ${id}`, about: `What ${id} does.`, of: more.of ?? 'host' },
  fits: true,
  because: `${id} is there.`,
  recommended: false,
  ...more,
});

export const field = (id: string, more: Partial<WishField> = {}): WishField => ({
  id,
  title: `Title of ${id}`,
  help: `Help of ${id}.`,
  range: { kind: 'number', min: 1, max: 100, unit: 'percent' },
  value: '20',
  because: 'A fifth is usual.',
  ...more,
});

export const form = (
  { wish }: WishOffer,
  fields: readonly WishField[] = [field('share')],
  findings: WishForm['findings'] = [],
): WishForm => ({ wish, fields, findings });

export const step = (target: WishTarget, more: Partial<PlanStep> = {}): PlanStep => ({
  host: target.host,
  wave: 0,
  stage: 0,
  knob: 'zswap.max_pool_percent',
  instance: target.guest ?? '',
  title: 'zswap max_pool_percent',
  place: '/sys/module/zswap/parameters/max_pool_percent',
  from: '10',
  to: '20',
  because: 'More room for compressed pages.',
  risk: 'low',
  riskWords: '',
  undo: 'old-value',
  undoWords: '',
  survives: 'nothing',
  ...more,
});

export const plan = (targets: readonly WishTarget[], more: Partial<Plan> = {}): Plan => ({
  id: 'p1',
  title: 'Do it',
  letter: 'A',
  createdAt: epochMs(1000),
  createdBy: 'anna@desk',
  wish: { id: 'w', targets, values: {} },
  hosts: [...new Set(targets.map(({ host }) => host))].map((host) => ({ host, name: `host-${host}` })),
  steps: targets.map((target) => step(target)),
  manual: [],
  will: ['Takes at most 20 % of RAM for compressed pages.'],
  persistence: 'until-reboot',
  waves: usualWaves,
  ...more,
});

export const draft = (of: Plan | undefined, more: Partial<Draft> = {}): Draft => ({
  ...(of === undefined ? {} : { plan: of }),
  fields: [],
  findings: [],
  ...more,
});

export const view = (of: Plan): PlanView => ({ plan: of, state: 'draft' });
