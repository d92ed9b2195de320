/** Which compressors and allocators a kernel has, by the command kernel-modules, and the step that loads one. */
import type { PlannedStep } from '../../change.ts';
import type { Evidence } from '../../platform.ts';
import { commandStep } from '../../planning/steps.ts';
import { kernelModules } from '../commands.ts';
import { moduleKnob } from '../knobs/module.ts';
import type { Look } from './look.ts';
import { stages } from './stages.ts';

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

/** @param undo a compressor stays: pages may need it. What only carries a device goes once the device has gone. */
export function moduleStep(
  look: Look,
  name: string,
  target?: number,
  undo: PlannedStep['undo'] = 'none',
): readonly PlannedStep[] {
  if (!look.modules.loadable.has(name)) return [];
  return [
    commandStep(moduleKnob, look.site, name, 'absent', 'present', {
      title: `Module ${name}`,
      because: `This kernel has ${name} as a module that is not loaded.`,
      stage: stages.modules,
      ...(target === undefined ? {} : { target }),
      undo,
      undoWords:
        undo === 'none'
          ? 'It stays loaded: pages that are stored may need it, and by itself it changes nothing.'
          : 'It is removed once no device needs it.',
    }),
  ];
}
