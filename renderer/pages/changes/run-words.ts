/** A run in words: how far its waves are, what each host does, what its buttons come to. Pure. */
import type { HostRun, Plan, PlanRun, PlanView } from '#shared/model/plan.ts';
import { formatCountdown } from '../../format/duration.ts';
import { hostsWord, stepsWord } from '../../parts/plan-words.ts';
import { waveCount, waveWord } from './step-groups.ts';

/** `Canary: watching 12 s more, then 29 hosts`; undefined where there is one wave, or it is over. */
export function waveProgress({ plan, run, state }: PlanView, now: number): string | undefined {
  const count = waveCount(plan);
  if (run === undefined || count < 2 || (state !== 'applying' && state !== 'watching')) return undefined;
  const word = startWord(waveWord(plan, run.wave));
  const rest = plan.steps.filter(({ wave }) => wave > run.wave);
  if (rest.length === 0) return `${word}: the last; the guard watches all`;
  const next = `then ${targetsOf(rest, plan)}`;
  if (run.waveReadyAt === undefined) return `${word}: writing, ${next}`;
  const left = Math.max(0, Math.ceil((run.waveReadyAt - now) / 1000));
  return `${word}: watching ${left}\u00a0s more, ${next}`;
}

const startWord = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

/** Guests where one host has several, else hosts. */
function targetsOf(steps: Plan['steps'], plan: Plan): string {
  const hosts = new Set(steps.map(({ host }) => host)).size;
  const instances = new Set(steps.map(({ host, instance }) => `${host}\n${instance}`)).size;
  const guests = plan.wish.targets.some(({ guest }) => guest !== undefined);
  if (!guests || instances <= hosts) return hosts === 1 ? '1 more host' : `${hosts} hosts`;
  return `${instances} more on ${hostsWord(hosts)}`;
}

export function hostRunWords({ state, deadlineAt }: HostRun, now: number): string {
  switch (state) {
    case 'waiting':
      return 'waits for its wave';
    case 'armed':
      return deadlineAt === undefined
        ? 'armed: undoes this by itself unless it is kept'
        : `undoes this in ${formatCountdown(deadlineAt, now)} unless kept`;
    case 'kept':
      return 'kept';
    case 'undone':
      return 'undone';
    case 'partly-undone':
      return 'undone only in part';
    case 'unreachable':
      return deadlineAt === undefined || deadlineAt <= now
        ? 'not reached; it has undone this by itself if it was still armed'
        : `not reached; undoes this by itself in ${formatCountdown(deadlineAt, now)}`;
    case 'rebooted':
      return 'rebooted meanwhile: what was not written down is gone';
  }
}

export const isHostTrouble = ({ state }: HostRun): boolean =>
  state === 'partly-undone' || state === 'unreachable' || state === 'rebooted';

/** Said aloud at these moments only: every second would be noise. */
const milestones = [120, 60, 30, 10];

export function countdownWords(deadline: number | undefined, now: number): string {
  if (deadline === undefined) return '';
  const left = Math.ceil((deadline - now) / 1000);
  if (left <= 0) return 'The time is over: the host undoes this now.';
  const passed = milestones.filter((mark) => left <= mark).at(-1);
  return passed === undefined ? '' : `Less than ${passed} seconds until the host undoes this, unless it is kept.`;
}

/** What pressing each button comes to; said beside it. */
export function applyConsequence({ plan }: PlanView): string {
  const waves = waveCount(plan);
  const order = waves < 2 ? '' : plan.waves.canary ? `, one target first, in ${waves} waves` : `, in ${waves} waves`;
  return `Writes ${settings(plan.steps.length)} on ${hostsWord(plan.hosts.length)}${order}. Until you keep it, each host undoes it by itself when the console is lost or the guard trips.`;
}

export function keepConsequence({ plan }: PlanView): string {
  const one = plan.hosts.length === 1;
  const stays =
    plan.persistence === 'survives'
      ? `The values stay, are written down on ${one ? 'the host' : 'the hosts'} and come back after a reboot.`
      : 'The values stay until the host reboots.';
  return `${stays} ${one ? 'The host no longer undoes them by itself' : 'The hosts no longer undo them by themselves'}.`;
}

export function undoConsequence({ plan, run }: PlanView): string {
  const begun = plan.steps.filter((_, index) => (run?.steps[index]?.state ?? 'waiting') !== 'waiting');
  const never = begun.filter(({ undo }) => undo === 'none').length;
  const restored = begun.length - never;
  const rest =
    never === 0
      ? ''
      : ` ${never === 1 ? '1 step' : `${never} steps`} cannot be taken back and ${never === 1 ? 'stays' : 'stay'}.`;
  return `${restored === 1 ? 'The old value of 1 step is' : `The old values of ${stepsWord(restored)} are`} written again.${rest}`;
}

export const reverseConsequence =
  'Draws up a change that writes the old values again, as far as nobody changed the same since. Nothing is written yet.';

const settings = (count: number): string => (count === 1 ? '1 setting' : `${count} settings`);

/** Everything has been written: keeping it keeps the whole. */
export const isWhole = (run: PlanRun | undefined): boolean =>
  run !== undefined && run.steps.every(({ state }) => state !== 'waiting' && state !== 'writing');
