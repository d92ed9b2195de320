/**
 * What a person fills in about a host, as text, and the draft the core takes. Pure. The limits are those of the
 * contract's schemas; here they come with a sentence beside the field.
 */
import type { HostConfig, HostDraft, Hop, Login } from '#shared/model/host.ts';

export interface HopForm {
  address: string;
  port: string;
  user: string;
  method: Login['method'];
  keyFile: string;
  oldAlgorithms: boolean;
}

export interface HostForm extends HopForm {
  name: string;
  group: string;
  /** Separated by commas. */
  tags: string;
  jumps: HopForm[];
  agent: HostConfig['agent'];
  sudo: HostConfig['sudo'];
  role: 'viewer' | 'operator';
  /** One on a line. */
  guestGroups: string;
  connect: boolean;
}

export type FormErrors = { readonly [field: string]: string };

export const emptyHop = (): HopForm => ({
  address: '',
  port: '22',
  user: 'root',
  method: 'agent',
  keyFile: '',
  oldAlgorithms: false,
});

export const emptyForm = (): HostForm => ({
  ...emptyHop(),
  name: '',
  group: '',
  tags: '',
  jumps: [],
  agent: 'pushed',
  sudo: 'when-allowed',
  role: 'viewer',
  guestGroups: '',
  connect: true,
});

const hopFormOf = (hop: Hop): HopForm => ({
  address: hop.address,
  port: String(hop.port),
  user: hop.user,
  method: hop.login.method,
  keyFile: hop.login.method === 'key' ? hop.login.keyFile : '',
  oldAlgorithms: hop.oldAlgorithms === true,
});

export const formOf = (config: HostDraft): HostForm => ({
  ...hopFormOf(config),
  name: config.name,
  group: config.group,
  tags: config.tags.join(', '),
  jumps: config.jumps.map(hopFormOf),
  agent: config.agent,
  sudo: config.sudo,
  role: config.role ?? 'viewer',
  guestGroups: config.guestGroups.join('\n'),
  connect: config.connect,
});

const loginOf = ({ method, keyFile }: HopForm): Login =>
  method === 'key' ? { method, keyFile: keyFile.trim() } : { method };

export const hopOf = (form: HopForm): Hop => ({
  address: form.address.trim(),
  port: Number(form.port),
  user: form.user.trim(),
  login: loginOf(form),
  ...(form.oldAlgorithms ? { oldAlgorithms: true } : {}),
});

const split = (text: string, by: RegExp): string[] => [
  ...new Set(
    text
      .split(by)
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  ),
];

export const draftOf = (form: HostForm): HostDraft => ({
  ...hopOf(form),
  name: form.name.trim() || form.address.trim(),
  group: form.group.trim(),
  tags: split(form.tags, /,/),
  jumps: form.jumps.map(hopOf),
  agent: form.agent,
  sudo: form.sudo,
  role: form.role,
  guestGroups: split(form.guestGroups, /[\n,]/),
  connect: form.connect,
});

/** How the host is reached and entered, as one word: when it differs, an earlier test says nothing any more. */
export const reachOf = (form: HostForm): string => {
  const { address, port, user, login, oldAlgorithms, jumps, agent, sudo, role } = draftOf(form);
  return JSON.stringify({ address, port, user, login, oldAlgorithms, jumps, agent, sudo, role });
};

/** `admin@10.0.0.7:2222`, as people paste it: the parts go where they belong. */
export function takeApart(form: HopForm): void {
  const parts = /^(?:ssh:\/\/)?(?:([^@\s]+)@)?(?:\[([^\]]+)\]|([^:\s/]+))(?::(\d{1,5}))?\/?$/.exec(form.address.trim());
  if (parts === null) return;
  const [, user, bracketed, plain, port] = parts;
  if (user !== undefined) form.user = user;
  if (port !== undefined) form.port = port;
  form.address = bracketed ?? plain ?? form.address;
}

export function hopErrors(form: HopForm): FormErrors {
  const errors: Record<string, string> = {};
  const address = form.address.trim();
  if (address === '') errors['address'] = 'Which host? A name or an IP address.';
  else if (/\s/.test(address) || address.startsWith('-') || address.length > 255)
    errors['address'] = 'An address has no spaces and does not begin with “-”.';
  const port = Number(form.port);
  if (!Number.isInteger(port) || port < 1 || port > 65535 || form.port.trim() === '')
    errors['port'] = 'A number from 1 to 65535; ssh listens on 22 unless it was told otherwise.';
  if (form.user.trim() === '') errors['user'] = 'As whom to log in.';
  return errors;
}

export const loginErrors = (form: HopForm): FormErrors =>
  form.method === 'key' && form.keyFile.trim() === ''
    ? { keyFile: 'The path of the private key on this machine.' }
    : {};

const guestGroup = /^[A-Za-z0-9_.@:\\*-]+(\/[A-Za-z0-9_.@:\\*-]+)*$/;

export function settingsErrors(form: HostForm): FormErrors {
  const errors: Record<string, string> = {};
  const draft = draftOf(form);
  if (draft.name.length > 120) errors['name'] = 'At most 120 characters.';
  if (draft.group.length > 120) errors['group'] = 'At most 120 characters.';
  if (draft.tags.length > 32 || draft.tags.some((tag) => tag.length > 60))
    errors['tags'] = 'At most 32 tags of 60 characters.';
  const odd = draft.guestGroups.find(
    (path) => !guestGroup.test(path) || path.split('/').includes('..') || path.length > 512,
  );
  if (odd !== undefined)
    errors['guestGroups'] =
      `“${odd}” is not a control group below /sys/fs/cgroup, such as system.slice/docker-*.scope.`;
  else if (draft.guestGroups.length > 16) errors['guestGroups'] = 'At most 16 control groups.';
  return errors;
}

export const hasNone = (errors: FormErrors): boolean => Object.keys(errors).length === 0;

/** Whether the address step is filled in: the host and every machine on the way, with its login. */
export const addressIsFilled = (form: HostForm): boolean =>
  hasNone(hopErrors(form)) && form.jumps.every((jump) => hasNone({ ...hopErrors(jump), ...loginErrors(jump) }));

export const formIsFilled = (form: HostForm): boolean =>
  addressIsFilled(form) && hasNone(loginErrors(form)) && hasNone(settingsErrors(form));
