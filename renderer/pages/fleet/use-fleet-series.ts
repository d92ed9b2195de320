/**
 * The signals of all hosts over time: asked for when the page opens, and while it is open as often as there is
 * something new to see: once per interval, over long spans once per pixel.
 */
import { onScopeDispose, shallowRef, watch } from 'vue';
import type { FleetSeries } from '#shared/contract/samples.ts';
import type { SignalId } from '#shared/model/metric.ts';
import type { Problem } from '#shared/problem.ts';
import { problemOf } from '#shared/problem.ts';
import { useConsole } from '../../console.ts';
import type { SignalLine, SignalLines } from '../../parts/savings-lines.ts';
import { paceMs } from '../../stores/series-pace.ts';
import { useSettings } from '../../stores/settings.ts';

const points = 2000;

export function useFleetSeries() {
  const link = useConsole();
  const settings = useSettings();
  const signals = shallowRef<SignalLines>({});
  const loaded = shallowRef(false);
  const problem = shallowRef<Problem>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let round = 0;

  async function load(): Promise<void> {
    clearTimeout(timer);
    const mine = ++round;
    try {
      const series = await link.call('samples.fleet', { spanSeconds: settings.spanSeconds, points });
      if (mine !== round) return;
      signals.value = linesOf(series);
      problem.value = undefined;
    } catch (error) {
      if (mine !== round) return;
      problem.value = problemOf(error);
      if (problem.value === undefined) throw error;
    } finally {
      if (mine === round) {
        loaded.value = true;
        timer = setTimeout(() => void load(), paceMs(settings.spanSeconds, settings.current.intervalSeconds));
      }
    }
  }

  link.onOpen(() => void load());
  watch([() => settings.spanSeconds, () => settings.current.intervalSeconds], () => void load());
  onScopeDispose(() => {
    round += 1;
    clearTimeout(timer);
  });

  return { signals, loaded, problem };
}

export function linesOf({ at, signals }: FleetSeries): SignalLines {
  const lines: { [signal in SignalId]?: SignalLine } = {};
  for (const [signal, values] of Object.entries(signals))
    lines[signal as SignalId] = {
      at,
      values,
      source: signal.startsWith('harm.') ? 'the worst of all hosts' : 'the sum over all hosts',
    };
  return lines;
}
