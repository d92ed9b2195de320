/** A question as it crossed the thread, put to whoever can answer it. Used by both desks. */
import type { HistoryKey } from '#shared/model/history.ts';
import type { TotalsQuery } from '#core/ports.ts';
import type { Question } from './messages.ts';
import type { Queries } from './queries.ts';

type Asked = Pick<Queries, Question>;

export function ask(queries: Asked, question: Question, args: readonly unknown[]): unknown {
  switch (question) {
    case 'entities':
      return queries.entities();
    case 'columns':
      return queries.columns(...(args as Parameters<Asked['columns']>));
    case 'series':
      return queries.series(...(args as [readonly HistoryKey[], number, number, number]));
    case 'fleet':
      return queries.fleet(...(args as Parameters<Asked['fleet']>));
    case 'totals':
      return queries.totals(args[0] as TotalsQuery);
    case 'events':
      return queries.events(...(args as Parameters<Asked['events']>));
  }
}
