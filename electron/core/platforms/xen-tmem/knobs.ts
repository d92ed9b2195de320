/**
 * What can be set, where, and how it bites; agent-knobs.ts says how each is written. Of every `xl` command
 * options stand before the domain, exit codes of old versions mean nothing, and what was set is read back.
 */
import type { KnobDef } from '#shared/model/knob.ts';
import { bootKnobs } from './knobs/boot.ts';
import { domainKnobs } from './knobs/domain.ts';
import { insideKnobs } from './knobs/inside.ts';
import { tmemKnobs } from './knobs/tmem.ts';

export const knobs: readonly KnobDef[] = [...tmemKnobs, ...domainKnobs, ...insideKnobs, ...bootKnobs];
