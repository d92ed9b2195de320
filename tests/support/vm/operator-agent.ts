/**
 * The product's own agent as an operator's, on a test host, spoken to over plain ssh: for tests that end it, its
 * connection or its processes at any moment, which the console's own way would at once mend.
 */
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Machine } from './machine.ts';

export interface AgentReply {
  /** `ok`, `refused`, `failed`, `absent`, `conflict`. */
  readonly end: string;
  /** What stands behind the end. */
  readonly words: string;
  /** Lines between begin and end, as they came. */
  readonly lines: readonly string[];
}

export interface OperatorAgent {
  /** Stands on the command line of every process that is this agent's shell: the watchers it started too. */
  readonly nonce: string;
  /** On the host: the shell that the login started. */
  readonly pid: number;
  /** Requests may be sent ahead. Rejects when the agent or the way to it is gone. */
  ask(request: string): Promise<AgentReply>;
  /** Ends our end of the connection at once. */
  drop(): void;
  /** Resolves when the connection has ended, however that came. */
  readonly ended: Promise<void>;
}

/**
 * `apart`: over a connection of its own, so that it can be cut without cutting the others; a login costs most of a second.
 * @throws with what the agent said when it does not come up
 */
export async function startOperator(
  machine: Machine,
  script: string,
  way: 'shared' | 'apart' = 'shared',
): Promise<OperatorAgent> {
  const nonce = randomBytes(8).toString('hex');
  // Its number comes first; whatever is printed before the greeting is no protocol.
  const start = way === 'apart' ? machine.startApart : machine.start;
  const child = start(
    `echo pid $$; exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C /bin/sh -s -- --operator ${nonce}`,
  );
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(0, 4000)));
  child.stdin.on('error', () => undefined);

  const waiting = new Map<string, { resolve(reply: AgentReply): void; reject(reason: Error): void }>();
  let pid = 0;
  let lines: string[] = [];
  let next = 0;
  let gone: Error | undefined;
  let greeted: (() => void) | undefined;
  const read = (line: string): void => {
    const [first = '', second = '', third = '', ...rest] = line.split(' ');
    if (first === 'pid' && pid === 0) pid = Number(second);
    else if (first === '=ready' && second === nonce) greeted?.();
    else if (first === '=begin') lines = [];
    else if (first === '=end') {
      waiting.get(second)?.resolve({ end: third, words: rest.join(' '), lines });
      waiting.delete(second);
    } else lines.push(line);
  };
  createInterface({ input: child.stdout }).on('line', read);
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      gone = new Error(`the agent is gone: ${said.trim()}`);
      for (const { reject } of waiting.values()) reject(gone);
      waiting.clear();
      resolve();
    });
  });

  const ready = new Promise<void>((resolve) => (greeted = resolve));
  child.stdin.write(script);
  await Promise.race([ready, ended]);
  if (gone !== undefined) throw new Error(`the operator's agent did not come up: ${said}\n${lines.join('\n')}`);
  return {
    nonce,
    pid,
    ask: (request) =>
      new Promise((resolve, reject) => {
        if (gone !== undefined) return reject(gone);
        const id = String(++next);
        waiting.set(id, { resolve, reject });
        child.stdin.write(`${id} ${request}\n`);
      }),
    drop: () => void child.kill('SIGKILL'),
    ended,
  };
}
