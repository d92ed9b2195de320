/** What the hosts room is given by core.ts: everything it touches outside itself. */
import type { Notice } from '#shared/model/settings.ts';
import type { AgentKnob } from '#core/platforms/change.ts';
import type { FileSet, FixedCommand, GroupSet } from '#core/platforms/platform.ts';
import type { AgentLink, Clock, Log, TextFile } from '#core/ports.ts';
import type { Limits } from './connect.ts';
import type { Survey } from './connection-test.ts';
import type { Inventory } from './inventory.ts';

export interface HostsOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly inventory: Inventory;
  readonly knownHosts: { readonly userFiles: readonly string[]; readonly own: TextFile };
  readonly sshConfigFile: string;
  /** The agent's own text, without its list. */
  readonly agentBody: string;
  readonly sets: readonly (FileSet | GroupSet)[];
  readonly commands: readonly FixedCommand[];
  readonly knobs: readonly AgentKnob[];
  readonly home: string;
  readonly env: { readonly SSH_AUTH_SOCK?: string | undefined; readonly USER?: string | undefined };
  readonly limits?: Limits;
  /** 0 ≤ answer < 1. */
  random(): number;
  newId(): string;
  survey(link: AgentLink): Promise<Survey>;
  notify(notice: Notice): void;
}
