/** One change in one sentence, as somebody beside it would say it. Pure. */
import type { PlanView } from '#shared/model/plan.ts';
import { formatClock, formatCountdown, formatDuration } from '../../format/duration.ts';
import { firstDeadline, hostsWord, namesWord, onWords, planStateWords, stepsWord } from '../../parts/plan-words.ts';
import { sentence, type Verdict } from '../../parts/verdict.ts';
import { impactFigure } from './impact-words.ts';
import { isWhole } from './run-words.ts';
import { waveWord } from './step-groups.ts';

export function planVerdict(view: PlanView, now: number): Verdict {
  const { plan, run, state } = view;
  const on = onWords(plan);
  const deadline = firstDeadline(run);
  switch (state) {
    case 'draft':
      return sentence([
        [{ words: `Draft: ${stepsWord(plan.steps.length)}${byHand(view)} on ${on}` }],
        [{ words: 'nothing has been written' }],
      ]);
    case 'arming':
    case 'applying':
    case 'keeping':
    case 'undoing':
      return sentence([[{ words: `${planStateWords[state].word} on ${on}${progress(view)}` }]]);
    case 'watching':
      return sentence([
        [{ words: `${written(view)}; the guard watches` }],
        ...(deadline === undefined
          ? []
          : [
              [
                {
                  words: `the ${plan.hosts.length === 1 ? 'host' : 'first host'} undoes this in ${formatCountdown(deadline, now)} unless it is kept`,
                },
              ],
            ]),
      ]);
    case 'kept':
      return sentence([
        [{ words: `Kept on ${on}${when(view, now)}` }],
        ...(view.impact === undefined
          ? []
          : [[{ words: view.impact.enough ? impactFigure(view) : 'not enough data yet to say what it did' }]]),
      ]);
    case 'undone':
      return sentence([
        [{ words: `Undone on ${on}${when(view, now)}` }],
        [{ words: run?.problem === undefined ? undoneWords(view) : 'the reason is below' }],
      ]);
    case 'partly-undone':
      return sentence([
        [{ words: `Undone only in part on ${on}${when(view, now)}`, tone: 'bad' }],
        [
          {
            words: `${stepsWord(leftCount(view))} below ${leftCount(view) === 1 ? 'is' : 'are'} not what ${leftCount(view) === 1 ? 'it was' : 'they were'}`,
          },
        ],
      ]);
    case 'unknown':
      return sentence([
        [{ words: `What became of this on ${unreachable(view)} is not known`, tone: 'warn' }],
        [{ words: 'an armed host undoes by itself; the console asks as soon as it is reached' }],
      ]);
  }
}

function written(view: PlanView): string {
  const { plan, run } = view;
  if (run === undefined || isWhole(run)) return `Written on ${onWords(plan)}`;
  const hosts = new Set(plan.steps.filter(({ wave }) => wave <= run.wave).map(({ host }) => host));
  const names = plan.hosts.filter(({ host }) => hosts.has(host)).map(({ name }) => name);
  const word = waveWord(plan, run.wave);
  return `${word.charAt(0).toUpperCase()}${word.slice(1)} written on ${namesWord(names)}`;
}

const byHand = ({ plan }: PlanView): string => (plan.manual.length === 0 ? '' : ` and ${plan.manual.length} by hand`);

function progress({ plan, run }: PlanView): string {
  if (run === undefined) return '';
  const begun = run.steps.filter(({ state }) => state !== 'waiting').length;
  return begun === 0 ? '' : `: ${begun} of ${stepsWord(plan.steps.length)}`;
}

function when({ run }: PlanView, now: number): string {
  if (run?.endedAt === undefined) return '';
  const took = run.endedAt - run.startedAt;
  return ` at ${formatClock(run.endedAt, now)}${took < 1000 ? '' : `, ${formatDuration(took)} after it began`}`;
}

const leftCount = ({ run }: PlanView): number =>
  run?.steps.filter(({ state }) => state === 'left' || state === 'failed').length ?? 0;

/** What was never to be taken back is still as it was written. */
function undoneWords({ plan, run }: PlanView): string {
  const stays = plan.steps.filter(({ undo }, index) => undo === 'none' && run?.steps[index]?.state === 'left').length;
  if (stays === 0) return 'every value is what it was before';
  return `every value is what it was before, but for ${stepsWord(stays)} that cannot be undone`;
}

function unreachable({ plan, run }: PlanView): string {
  const silent = run?.hosts.filter(({ state }) => state === 'unreachable' || state === 'armed') ?? [];
  const [only] = silent;
  if (silent.length !== 1 || only === undefined) return hostsWord(silent.length || plan.hosts.length);
  return plan.hosts.find(({ host }) => host === only.host)?.name ?? '1 host';
}
