/** Which compressors and allocators a kernel has, by the command kernel-modules. */
import type { Evidence } from '../../platform.ts';
import { kernelModules } from '../commands.ts';

export interface Modules {
  /** False: nobody was asked, so nothing is known of what is not in use. */
  readonly told: boolean;
  readonly loaded: ReadonlySet<string>;
  readonly loadable: ReadonlySet<string>;
}

export function readModules({ commands }: Evidence): Modules {
  const said = commands.get(kernelModules);
  const loaded = new Set<string>();
  const loadable = new Set<string>();
  for (const line of said?.text.split('\n') ?? []) {
    const [, algorithm] = /^name\s*:\s*(\S+)$/.exec(line) ?? [];
    const [, state, name] = /^(loaded|loadable) (\S+)$/.exec(line) ?? [];
    if (algorithm !== undefined) loaded.add(algorithm);
    else if (name !== undefined) (state === 'loaded' ? loaded : loadable).add(name);
  }
  for (const name of loaded) loadable.delete(name);
  return { told: said !== undefined, loaded, loadable };
}

/** Of these, what the kernel has or can load; what is in use is always among them. */
export function available(
  known: readonly string[],
  { told, loaded, loadable }: Modules,
  inUse: string | undefined,
  builtIn: string,
): readonly string[] {
  return known.filter((name) => name === inUse || (told ? loaded.has(name) || loadable.has(name) : name === builtIn));
}
