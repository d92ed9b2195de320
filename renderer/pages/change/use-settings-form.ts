/** What a person sets: the wish's fields, how long it lasts, and how it is spread over many targets. */
import { computed, ref, watch, type Ref } from 'vue';
import type { Persistence, Waves } from '#shared/model/plan.ts';
import { usualWaves } from '#shared/model/plan.ts';
import type { FieldProblem, WishForm, WishTarget } from '#shared/model/wish.ts';
import { fieldProblem } from './field-check.ts';

export interface WavesForm {
  canary: boolean;
  size: string;
  watchSeconds: string;
}

const inRange = (text: string, min: number, max: number): boolean =>
  /^\d+$/.test(text.trim()) && Number(text) >= min && Number(text) <= max;

export function useSettingsForm(
  form: Readonly<Ref<WishForm | undefined>>,
  targets: Readonly<Ref<readonly WishTarget[]>>,
) {
  const values = ref<Record<string, string>>({});
  const persistence = ref<Persistence>('until-reboot');
  const spread = ref<WavesForm>({ canary: true, size: '0', watchSeconds: String(usualWaves.watchSeconds) });
  let of: string | undefined;
  /** The recommended values of the form before: what differs from them a person has typed. */
  let offered: Record<string, string> = {};

  watch(form, (now) => {
    if (now === undefined) return;
    const typed = now.wish.id === of ? values.value : {};
    const before = offered;
    of = now.wish.id;
    offered = Object.fromEntries(now.fields.map(({ id, value }) => [id, value]));
    values.value = Object.fromEntries(
      now.fields.map(({ id, value }) => {
        const was = typed[id];
        return [id, was === undefined || was === before[id] ? value : was];
      }),
    );
  });

  /** Several targets that are no cluster go one after the other, if wanted. */
  const spreads = computed(() => targets.value.length > 1 && form.value?.wish.of !== 'cluster');
  const waves = computed((): Waves =>
    spreads.value
      ? {
          canary: spread.value.canary,
          size: Number(spread.value.size),
          watchSeconds: Number(spread.value.watchSeconds),
        }
      : usualWaves,
  );
  const problems = computed((): readonly FieldProblem[] => {
    const found = (form.value?.fields ?? []).flatMap(
      (field) => fieldProblem(field, values.value[field.id] ?? '') ?? [],
    );
    if (!spreads.value) return found;
    return [
      ...found,
      ...(inRange(spread.value.size, 0, 10_000)
        ? []
        : [{ field: 'waves.size', sentence: 'A whole number from 0 to 10000; 0 takes all that are left at once.' }]),
      ...(inRange(spread.value.watchSeconds, 5, 3600)
        ? []
        : [{ field: 'waves.watchSeconds', sentence: 'A whole number of seconds, from 5 to 3600.' }]),
    ];
  });
  const sent = computed(() =>
    Object.fromEntries(
      (form.value?.fields ?? []).map(({ id, range, value }) => {
        const text = values.value[id] ?? value;
        return [id, range.kind === 'number' ? text.trim() : text];
      }),
    ),
  );

  return { values, persistence, spread, spreads, waves, problems, sent };
}

export type SettingsForm = ReturnType<typeof useSettingsForm>;
