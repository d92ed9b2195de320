/**
 * The file of `--host-file`: hosts written by hand or by another program, in the words of hosts.json. What has a usual
 * value may be left out, the id too. Called at the start, and by nothing else; it reads text and opens nothing.
 */
import { hostDraft, id as hostId } from '#shared/contract/schemas.ts';
import type { HostDraft, HostId } from '#shared/model/host.ts';
import { fail } from '#shared/problem.ts';

export type HostFileEntry = HostDraft & { readonly id?: HostId };

const usual: Omit<HostDraft, 'name' | 'address' | 'user'> = {
  port: 22,
  login: { method: 'agent' },
  group: '',
  tags: [],
  jumps: [],
  agent: 'pushed',
  sudo: 'when-allowed',
  guestGroups: [],
  connect: true,
};
const usualHop = { port: usual.port, login: usual.login };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const looksSecret = /^(password|passwd|passphrase|secret|privatekey|private_key|token)$/i;

const refuse = (where: string, words: string): never =>
  fail('malformed-request', `The host file cannot be used: ${where}. Correct it and start the console again.`, words);

/** `host 3 (db-07)`. */
function labelOf(raw: unknown, index: number): string {
  const name = isRecord(raw) ? (raw['name'] ?? raw['address']) : undefined;
  return `host ${index + 1}${typeof name === 'string' ? ` (${name.slice(0, 120)})` : ''}`;
}

const jumpsIn = ({ jumps }: Record<string, unknown>): { jumps?: unknown[] } =>
  Array.isArray(jumps) ? { jumps: jumps.map((hop: unknown) => (isRecord(hop) ? { ...usualHop, ...hop } : hop)) } : {};

function parseHost(raw: unknown, index: number): HostFileEntry {
  const label = labelOf(raw, index);
  if (!isRecord(raw)) return refuse(`${label} is not an object`, JSON.stringify(raw).slice(0, 200));
  const secret = Object.keys(raw).find((field) => looksSecret.test(field));
  if (secret !== undefined)
    return refuse(`${label}, field "${secret}": secrets do not belong in it, the console asks for them`, '');
  const { id, ...fields } = raw;
  const draft = hostDraft.safeParse({ ...usual, name: fields['address'], ...fields, ...jumpsIn(fields) });
  if (!draft.success) {
    const issue = draft.error.issues[0];
    const field = issue?.path.map(String).join('.') ?? '';
    return refuse(
      field === '' ? `${label}: ${issue?.message ?? ''}` : `${label}, field "${field}": ${issue?.message ?? ''}`,
      draft.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`).join('\n'),
    );
  }
  if (id === undefined) return draft.data;
  const checked = hostId.safeParse(id);
  return checked.success ? { ...draft.data, id: checked.data } : refuse(`${label}, field "id" is not a name`, '');
}

function hostsIn(raw: unknown): readonly unknown[] {
  if (Array.isArray(raw)) return raw;
  if (!isRecord(raw) || !Array.isArray(raw['hosts']))
    return refuse('it holds neither a list of hosts nor an object with "hosts"', '');
  const version = raw['version'];
  return version === undefined || version === 1
    ? raw['hosts']
    : refuse('its "version" is not 1, so it is not for this version of the console', JSON.stringify(version));
}

/** Twice the same name or id is refused: which of the two was meant, nobody can tell. */
function refuseTwins(hosts: readonly HostFileEntry[]): void {
  for (const field of ['name', 'id'] as const) {
    const seen = new Map<string, number>();
    hosts.forEach((host, index) => {
      const value = host[field];
      if (value === undefined) return;
      const before = seen.get(value);
      if (before !== undefined)
        refuse(`${labelOf(host, index)}, field "${field}": host ${before + 1} has the same`, value);
      seen.set(value, index);
    });
  }
}

/** Rejects the whole file with the first fault: malformed-request, naming host and field. */
export function parseHostFile(text: string): readonly HostFileEntry[] {
  let raw: unknown;
  try {
    raw = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch (error) {
    return refuse('it is not JSON', error instanceof Error ? error.message : String(error));
  }
  const hosts = hostsIn(raw).map(parseHost);
  refuseTwins(hosts);
  return hosts;
}
