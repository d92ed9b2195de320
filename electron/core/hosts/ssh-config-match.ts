/**
 * What an OpenSSH client configuration says about one alias: ssh's own walk through the lines, first value wins.
 * Called by ssh-config.ts. `Match exec` is not run: where its answer would matter, that is an obstacle.
 */
import { matchesList, matchesPattern } from './host-pattern.ts';
import type { ConfigLine } from './ssh-config-lines.ts';

/** As written in the file, tokens and all. */
export interface AliasConfig {
  hostName?: string;
  user?: string;
  port?: string;
  proxyJump?: string;
  proxyCommand?: string;
  readonly identityFiles: string[];
  /** The first reason why the rest may not be what ssh would use, as a sentence. */
  obstacle?: string;
}

/** What a command line could say before the file does. */
export interface Preset {
  readonly user?: string;
  readonly port?: string;
}

type Applies = 'yes' | 'no' | { readonly ifOnly: string };

interface Walk {
  readonly alias: string;
  readonly localUser: string;
  readonly config: AliasConfig;
  /** ssh reads the files once more when they say `Match final`. */
  readonly final: boolean;
  wantsFinal: boolean;
}

const single: Readonly<Record<string, 'hostName' | 'user' | 'port'>> = {
  hostname: 'hostName',
  user: 'user',
  port: 'port',
};

function block(config: AliasConfig, sentence: string): void {
  config.obstacle ??= sentence;
}

function hostApplies({ args }: ConfigLine, { alias }: Walk): boolean {
  let fits = false;
  for (const arg of args) {
    const negated = arg.startsWith('!');
    if (!matchesPattern(negated ? arg.slice(1) : arg, alias)) continue;
    if (negated) return false;
    fits = true;
  }
  return fits;
}

/** The name that ssh would connect to, by what is known so far. */
export const hostNameOf = (config: AliasConfig, alias: string): string =>
  (config.hostName ?? alias).replace(/%([%h])/g, (_, sign: string) => (sign === 'h' ? alias : '%')).toLowerCase();

function matchApplies({ args, where }: ConfigLine, walk: Walk): Applies {
  let unknown: string | undefined;
  for (let at = 0; at < args.length; at += 1) {
    const word = (args[at] ?? '').toLowerCase();
    const negated = word.startsWith('!');
    const criterion = negated ? word.slice(1) : word;
    let fits: boolean | undefined;
    if (criterion === 'all') fits = true;
    else if (criterion === 'final' || criterion === 'canonical') {
      walk.wantsFinal ||= criterion === 'final';
      fits = walk.final;
    } else {
      const list = (args[++at] ?? '').split(',');
      if (criterion === 'host') fits = matchesList(list, hostNameOf(walk.config, walk.alias));
      else if (criterion === 'originalhost') fits = matchesList(list, walk.alias);
      else if (criterion === 'user') fits = matchesList(list, walk.config.user ?? walk.localUser);
      else if (criterion === 'localuser') fits = matchesList(list, walk.localUser);
      else unknown ??= `"Match ${criterion}" (${where})`;
    }
    if (fits === negated) return 'no';
  }
  return unknown === undefined ? 'yes' : { ifOnly: unknown };
}

/** Whether a line with that keyword would change what is known so far. */
function matters(keyword: string, config: AliasConfig): boolean {
  const field = single[keyword];
  if (field !== undefined) return config[field] === undefined;
  if (keyword === 'identityfile') return true;
  const way = keyword === 'proxyjump' || keyword === 'proxycommand';
  return way && config.proxyJump === undefined && config.proxyCommand === undefined;
}

function apply(line: ConfigLine, applies: Applies, { config }: Walk): void {
  if (applies === 'no' || (line.broken === undefined && !matters(line.keyword, config))) return;
  if (line.broken !== undefined)
    return block(config, `${line.where} cannot be understood: ${line.broken}. Mend that line first.`);
  if (applies !== 'yes')
    return block(
      config,
      `${line.where} counts only under ${applies.ifOnly}, which the console does not evaluate. Add this host by hand.`,
    );
  const field = single[line.keyword];
  const value = line.args[0] ?? '';
  if (field !== undefined) config[field] = value;
  else if (line.keyword === 'identityfile') config.identityFiles.push(value);
  else if (line.keyword === 'proxyjump') config.proxyJump = value;
  else config.proxyCommand = line.args.join(' ');
}

function section(line: ConfigLine, outer: Applies, walk: Walk): Applies {
  if (outer === 'no') return 'no';
  if (line.broken !== undefined) return { ifOnly: `a section that cannot be understood (${line.where})` };
  if (line.keyword === 'host') return hostApplies(line, walk) ? outer : 'no';
  const inner = matchApplies(line, walk);
  return inner === 'yes' ? outer : inner;
}

function walkLines(lines: readonly ConfigLine[], outer: Applies, walk: Walk): void {
  let applies = outer;
  for (const line of lines) {
    if (line.keyword === 'host' || line.keyword === 'match') applies = section(line, outer, walk);
    else if (line.included === undefined) apply(line, applies, walk);
    else for (const file of line.included) walkLines(file, applies, walk);
  }
}

export function configFor(
  lines: readonly ConfigLine[],
  alias: string,
  localUser: string,
  preset: Preset = {},
): AliasConfig {
  const config: AliasConfig = { identityFiles: [], ...preset };
  const first: Walk = { alias, localUser, config, final: false, wantsFinal: false };
  walkLines(lines, 'yes', first);
  if (first.wantsFinal) {
    // By then ssh has settled on a name, whether or not the file gave one.
    config.hostName = hostNameOf(config, alias).replaceAll('%', '%%');
    walkLines(lines, 'yes', { ...first, final: true });
  }
  return config;
}
