/** Events: reboots, resets, changes, and what befell the recording itself. Written by the store, read by queries.ts. */
import { historyEventKinds } from '#shared/model/history.ts';
import type { HistoryEvent, HistoryEventKind } from '#shared/model/history.ts';
import { epochMs } from '#shared/units.ts';
import type { Tables } from './tables.ts';

interface Body {
  readonly words: string;
  readonly letter?: string;
  readonly hosts?: readonly string[];
}

const longestWords = 2000;

/** Told twice, it is kept once, as it was told last. */
export function writeEvent(tables: Tables, { at, kind, host, plan, words, letter, hosts }: HistoryEvent): void {
  const body: Body = {
    words: words.slice(0, longestWords),
    ...(letter === undefined ? {} : { letter }),
    ...(hosts === undefined ? {} : { hosts }),
  };
  tables
    .sql(
      `INSERT INTO event (at, kind, host, plan, body) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (at, kind, host, plan) DO UPDATE SET body = excluded.body`,
    )
    .run(Math.round(at), kind, host, plan ?? '', JSON.stringify(body));
}

/** Of these hosts, of changes that name one of them, and of the console itself; of all when `hosts` is empty. */
export function readEvents(tables: Tables, hosts: readonly string[], from: number, to: number): HistoryEvent[] {
  const rows = tables
    .sql('SELECT at, kind, host, plan, body FROM event WHERE at >= ? AND at <= ? ORDER BY at, id')
    .all(from, to);
  const wanted = new Set(hosts);
  return rows.flatMap(({ at, kind, host, plan, body }): HistoryEvent[] => {
    const { words, letter, hosts: told } = JSON.parse(body as string) as Body;
    const concerns =
      host === '' ? told === undefined || told.some((one) => wanted.has(one)) : wanted.has(host as string);
    if (!isKind(kind) || (wanted.size > 0 && !concerns)) return [];
    return [
      {
        at: epochMs(at as number),
        kind,
        host: host as string,
        words,
        ...(plan === '' ? {} : { plan: plan as string }),
        ...(letter === undefined ? {} : { letter }),
        ...(told === undefined ? {} : { hosts: told }),
      },
    ];
  });
}

const isKind = (kind: unknown): kind is HistoryEventKind => (historyEventKinds as readonly unknown[]).includes(kind);
