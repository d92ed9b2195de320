/** Schemas for what a page may send. Lengths are bounded: a door is reachable by anything that runs on the machine. */
import * as z from 'zod';
import type { HostDraft, Hop, Login } from '#shared/model/host.ts';

export const id = z.string().min(1).max(200);
const word = z.string().trim().min(1).max(255);
const port = z.int().min(1).max(65535);

export const login: z.ZodType<Login> = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('agent') }),
  z.strictObject({ method: z.literal('key'), keyFile: z.string().min(1).max(4096) }),
  z.strictObject({ method: z.literal('password') }),
  z.strictObject({ method: z.literal('keyboard-interactive') }),
]);

/** A name or address; never something that ssh or a shell could take for an option. */
export const address = word.regex(/^[^\s-][^\s]*$/, 'an address has no spaces and does not begin with "-"');

export const hop: z.ZodType<Hop> = z.strictObject({
  address,
  port,
  user: word,
  login,
  oldAlgorithms: z.boolean().optional(),
});

/** `machine.slice/*.scope`: below /sys/fs/cgroup, no way up, `*` for one directory name. */
export const guestGroup = z
  .string()
  .max(512)
  .regex(
    /^[A-Za-z0-9_.@:\\*-]+(\/[A-Za-z0-9_.@:\\*-]+)*$/,
    'a control group below /sys/fs/cgroup, such as system.slice/docker-*.scope',
  )
  .refine((path) => !path.split('/').includes('..'), 'a control group below /sys/fs/cgroup, without ".."');

export const hostDraft: z.ZodType<HostDraft> = z.strictObject({
  name: z.string().trim().min(1).max(120),
  address,
  port,
  user: word,
  login,
  oldAlgorithms: z.boolean().optional(),
  group: z.string().trim().max(120),
  tags: z.array(z.string().trim().min(1).max(60)).max(32),
  jumps: z.array(hop).max(8),
  agent: z.enum(['pushed', 'installed']),
  sudo: z.enum(['never', 'when-allowed']),
  role: z.enum(['viewer', 'operator']).optional(),
  guestGroups: z.array(guestGroup).max(16),
  connect: z.boolean(),
});

export const nothing = z.strictObject({});
