/**
 * The worker's side: holds the store, answers requests one by one, and turns what SQLite throws into a state that
 * history.ts can act on. Apart from history-worker.ts so that it can be tested without a thread.
 */
import type { HistoryColumn } from '#shared/model/history.ts';
import { epochMs } from '#shared/units.ts';
import type { HistoryTick } from '#core/ports.ts';
import { ask } from './ask.ts';
import { bugSentence, faultOf, overBudgetSentence, setAside } from './faults.ts';
import type { Answer, Batch, FromWorker, Request, WorkerOptions } from './messages.ts';
import { makePrivate } from './private-file.ts';
import type { Migration } from './schema.ts';
import { HistoryStore } from './store.ts';

export interface DeskOptions extends Omit<WorkerOptions, 'role'> {
  readonly migrations?: readonly Migration[];
  say(message: FromWorker): void;
}

type Outcome = Omit<Answer, 'id'>;

export class Desk {
  readonly #options: DeskOptions;
  #settings;
  #store: HistoryStore | undefined;
  #columns = new Map<number, readonly HistoryColumn[]>();

  constructor(options: DeskOptions) {
    this.#options = options;
    this.#settings = options.settings;
  }

  /** What is open; undefined until it is, and when it could not be. */
  get store(): HistoryStore | undefined {
    return this.#store;
  }

  async answer(request: Request): Promise<Outcome> {
    if (request.what === 'close') {
      this.#store?.close();
      this.#store = undefined;
      return { state: 'gone' };
    }
    try {
      return await this.#act(request);
    } catch (error) {
      return this.#failed(error, request);
    }
  }

  /** True while there is more to do, and nothing stands against it. */
  work(now: number): boolean {
    try {
      return this.#store?.work(now) ?? false;
    } catch {
      // It is tried again with the next batch, and then told.
      return false;
    }
  }

  async #act(request: Exclude<Request, { what: 'close' }>): Promise<Outcome> {
    // The lists are told once, whether or not there is a file to write to.
    if (request.what === 'record') this.#learn(request.batch);
    if (request.what === 'settings') this.#settings = request.settings;
    const store = this.#opened();
    switch (request.what) {
      case 'record':
        if (store.overBudget) store.work(request.now);
        if (store.overBudget) break;
        if (request.batch.ticks.length > 0) store.record(request.batch.ticks.map((tick) => this.#whole(tick)));
        if (request.batch.events.length > 0) store.mark(request.batch.events);
        break;
      case 'settings':
        store.settings = request.settings;
        store.work(request.now);
        break;
      case 'ask':
        return { state: 'open', value: ask(store, request.question, request.args) };
      case 'snapshot':
        makePrivate(request.path);
        // At once and in this thread: a copy made page by page meets what is written meanwhile, and may fail for it.
        store.db.prepare('VACUUM INTO ?').run(request.path);
        break;
      case 'work':
        // A fault of what is due is told as one of recording is.
        store.work(request.now);
        break;
      case 'open':
        break;
    }
    const usage = store.usage();
    return store.overBudget
      ? { state: 'passing', because: overBudgetSentence(this.#settings.diskMiB), usage }
      : { state: 'open', usage };
  }

  #opened(): HistoryStore {
    const { file, migrations, say } = this.#options;
    return (this.#store ??= new HistoryStore({
      file,
      settings: this.#settings,
      ...(migrations === undefined ? {} : { migrations }),
      progress: (part) => say({ progress: part }),
      warn: (warn, facts) => say({ warn, facts }),
    }));
  }

  #failed(error: unknown, { what, now }: Exclude<Request, { what: 'close' }>): Outcome {
    const { file } = this.#options;
    const fault = faultOf(error, file ?? 'memory');
    if (fault.kind === 'newer') return { state: 'newer', because: fault.sentence };
    // A question or a copy that fails says nothing of recording.
    const besides = what === 'ask' || what === 'snapshot';
    if (fault.kind !== 'damaged' && besides && this.#store !== undefined) return { state: 'open', bug: error };
    if (fault.kind === 'passing') return { state: 'passing', because: fault.sentence, bug: error };
    if (fault.kind === 'bug' || file === undefined) return { state: 'passing', because: bugSentence, bug: error };
    try {
      this.#store?.close();
    } catch {
      // What is damaged need not close well.
    }
    this.#store = undefined;
    try {
      const aside = setAside(file, now);
      return { state: 'open', setAside: aside, usage: this.#opened().usage() };
    } catch (again) {
      const { kind, ...told } = faultOf(again, file);
      const because =
        'sentence' in told
          ? told.sentence
          : `History is not being recorded: ${file} is damaged and could not be moved aside. Move it away.`;
      return { state: kind === 'newer' ? 'newer' : 'passing', because, bug: again };
    }
  }

  #learn({ forget, columns }: Batch): void {
    if (forget) this.#columns = new Map();
    for (const { id, list } of columns) this.#columns.set(id, list);
  }

  #whole({ rows, at, ...tick }: Batch['ticks'][number]): HistoryTick {
    return {
      ...tick,
      at: epochMs(at),
      rows: rows.map(({ columns, ...row }) => ({ ...row, columns: this.#listed(columns) })),
    };
  }

  #listed(id: number): readonly HistoryColumn[] {
    const list = this.#columns.get(id);
    if (list === undefined) throw new Error(`list of columns ${id} was never told`);
    return list;
  }
}
