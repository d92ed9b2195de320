/** A plan as text, to be read, compared and taken to another console. Its steps are for readers: they are drawn anew. */
import * as z from 'zod';
import { wavesSchema, wishSchema } from '#shared/contract/plans.ts';
import type { HostId } from '#shared/model/host.ts';
import type { Plan } from '#shared/model/plan.ts';
import type { WishTarget } from '#shared/model/wish.ts';
import { fail } from '#shared/problem.ts';
import type { HostsPort } from '#core/ports.ts';
import type { DraftArgs } from './draft.ts';
import { persistenceSchema } from './format.ts';

const kind = 'tmem-console plan';
/** Characters that an import takes. */
const longest = 8_000_000;

export function textOf(plan: Plan): string {
  const text = `${JSON.stringify({ format: kind, version: 1, plan }, null, 1)}\n`;
  // A plan of ten thousand targets: what is drawn anew can be left out.
  return text.length <= longest
    ? text
    : `${JSON.stringify({ format: kind, version: 1, plan: { ...plan, steps: [] } })}\n`;
}

const outer = z.looseObject({ format: z.literal(kind), version: z.int() });
const inner = z.looseObject({
  plan: z.looseObject({
    wish: wishSchema,
    persistence: persistenceSchema,
    waves: wavesSchema,
    hosts: z.array(z.object({ host: z.string(), name: z.string() })),
    reverses: z.string().optional(),
  }),
});

/** Rejects: plan-refused. */
export function argsIn(
  text: string,
  hosts: HostsPort,
  wanted: { readonly targets?: readonly WishTarget[] | undefined; readonly waves?: DraftArgs['waves'] | undefined },
): DraftArgs {
  let raw: unknown;
  try {
    raw = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch (error) {
    fail(
      'plan-refused',
      'That text is no plan: it is not JSON. Choose a file that this console exported.',
      String(error),
    );
  }
  const frame = outer.safeParse(raw);
  if (!frame.success) fail('plan-refused', 'That text is no plan of this console. Choose a file that it exported.');
  if (frame.data.version > 1)
    fail('plan-refused', 'That plan is from a newer version of the console. Update this one to take it in.');
  const parsed = inner.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const words = issue === undefined ? '' : `${issue.path.map(String).join('.')}: ${issue.message}`;
    fail('plan-refused', 'That plan was changed so that it cannot be understood. Export it again.', words);
  }
  const { plan } = parsed.data;
  refuseReversal(plan.reverses);
  const names = new Map(plan.hosts.map(({ host, name }) => [host, name]));
  const targets =
    wanted.targets ?? plan.wish.targets.map((target) => ({ ...target, host: here(target.host, names, hosts) }));
  return {
    wish: { ...plan.wish, targets },
    persistence: plan.persistence,
    waves: wanted.waves ?? plan.waves,
  };
}

/** What takes something back is made for what was changed then; it says nothing about other hosts. */
export function refuseReversal(reverses: string | undefined): void {
  if (reverses !== undefined)
    fail(
      'plan-refused',
      'That plan takes another one back, so it cannot be used again. Take that other plan back anew.',
    );
}

/** The same host: by its id, or in another console by its name. */
function here(host: HostId, names: ReadonlyMap<HostId, string>, hosts: HostsPort): HostId {
  if (hosts.config(host) !== undefined) return host;
  const name = names.get(host) ?? '';
  const same = hosts.configs().find((config) => config.name.trim().toLowerCase() === name.trim().toLowerCase());
  const sentence = `The plan is for ${name === '' ? 'a host' : name} and this console has no host of that name. Choose the targets it is for here.`;
  return same?.id ?? fail('plan-refused', sentence);
}
