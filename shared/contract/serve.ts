/** The core's end of a door: checks names and arguments, answers, turns failures into problems. */
import type { Channel, Frame } from './wire.ts';
import type { Emit, Handlers, RequestName } from './contract.ts';
import { events, requests } from './contract.ts';
import { problem, problemOf } from '#shared/problem.ts';
import * as z from 'zod';

const askFrame = z.strictObject({ id: z.int().min(0), ask: z.string().max(100), args: z.unknown() });

export interface ServedChannel {
  readonly emit: Emit;
}

/**
 * @param onBug is told of every exception that is not a problem; the page only learns `internal`.
 */
export function serve(
  channel: Channel,
  handlers: Handlers,
  onBug: (name: string, error: unknown) => void,
): ServedChannel {
  const reply = (frame: Frame): void => channel.send(frame);

  const answer = async (id: number, name: string, args: unknown): Promise<void> => {
    if (!Object.hasOwn(requests, name)) {
      reply({
        id,
        problem: problem(
          'unknown-request',
          `The console does not know the request "${name.slice(0, 60)}". Page and core are of different versions: reload the page.`,
        ),
      });
      return;
    }
    const known = name as RequestName;
    const checked = requests[known].args.safeParse(args);
    if (!checked.success) {
      reply({ id, problem: problem('malformed-request', firstIssue(checked.error, known)) });
      return;
    }
    try {
      // The schema of this very name has accepted the arguments; the compiler cannot follow the lookup.
      const handle = handlers[known] as (args: unknown) => unknown;
      reply({ id, ok: (await handle(checked.data)) ?? null });
    } catch (error) {
      const known = problemOf(error);
      if (known === undefined) onBug(name, error);
      reply({
        id,
        problem:
          known ??
          problem('internal', 'The console made a mistake; its log tells where. Nothing was changed on any host.'),
      });
    }
  };

  channel.onFrame((frame) => {
    const asked = askFrame.safeParse(frame);
    if (asked.success) void answer(asked.data.id, asked.data.ask, asked.data.args);
    else
      reply({
        id: -1,
        problem: problem('malformed-request', 'The console got something that is not a request, and ignored it.'),
      });
  });

  return {
    emit: (name, payload) => {
      if (Object.hasOwn(events, name)) channel.send({ event: name, payload });
    },
  };
}

function firstIssue(error: z.ZodError, name: RequestName): string {
  const issue = error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? 'the request' : issue.path.map(String).join('.');
  // Both may quote what was sent, and that may be long.
  return `"${name}" was refused: ${where.slice(0, 200)}: ${issue?.message.slice(0, 200) ?? 'not understood'}.`;
}
