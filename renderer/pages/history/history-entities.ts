/** Hosts and guests that have a history: looked for by words, named as they were called last. Pure. */
import type { EntityKey, HistoryEntity } from '#shared/model/history.ts';
import { entityId, isFleet } from './history-query.ts';

/** Silent for longer than this, it is said when something was seen last. */
const silentMs = 10 * 60_000;

export const isSilent = ({ lastAt }: HistoryEntity, now: number): boolean => now - lastAt > silentMs;

export interface FoundEntities {
  readonly shown: readonly HistoryEntity[];
  /** As many more fit, beyond those shown. */
  readonly more: number;
}

/** Every word must be found in the name or its host's; hosts before guests, names that begin with it before others. */
export function findEntities(entities: readonly HistoryEntity[], search: string, most = 60): FoundEntities {
  const wanted = search.trim().toLowerCase();
  const words = wanted.split(/\s+/);
  const found = entities.filter(({ name, hostName }) => {
    const text = `${name} ${hostName}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const rank = ({ name, guest }: HistoryEntity): number =>
    (guest === '' ? 0 : 1) + (wanted !== '' && name.toLowerCase().startsWith(wanted) ? 0 : 2);
  const ranked = found
    .map((entity) => ({ entity, rank: rank(entity) }))
    .sort((a, b) => a.rank - b.rank || byName.compare(a.entity.name, b.entity.name));
  return { shown: ranked.slice(0, most).map(({ entity }) => entity), more: Math.max(0, ranked.length - most) };
}

const byName = new Intl.Collator(undefined, { numeric: true });

/** `db on host-01`, `host-01`, `Fleet`; a key where nobody told a name. */
export function entityName(key: EntityKey, byId: ReadonlyMap<string, HistoryEntity>): string {
  if (isFleet(key)) return 'Fleet';
  const entity = byId.get(entityId(key));
  if (key.guest === '') return entity?.name ?? key.host;
  return `${entity?.name ?? key.guest} on ${entity?.hostName ?? key.host}`;
}
