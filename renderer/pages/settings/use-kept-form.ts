/** A few settings that are typed together and kept together: nothing of them is saved before all are right. */
import { computed, shallowRef, watch } from 'vue';
import type { Settings } from '#shared/model/settings.ts';
import { useAct } from '../../parts/use-act.ts';
import { useSettings } from '../../stores/settings.ts';

type Group = 'history' | 'money';
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** @param valueOf undefined while a field is wrong */
export function useKeptForm<Of extends Group, Form extends object>(
  group: Of,
  formOf: (kept: Settings[Of]) => Form,
  valueOf: (form: Form) => Settings[Of] | undefined,
) {
  const settings = useSettings();
  const { act, busy, problem } = useAct();
  const kept = computed((): Settings[Of] => settings.current[group]);
  const form = shallowRef<Form>(formOf(kept.value));
  // Somebody else's change comes in, unless something is being typed here. At once: while it is being saved, what is
  // kept is shown as if it were, and taken back when it is refused; what was typed stays.
  watch(
    kept,
    (now, before) => {
      if (!busy.value && same(form.value, formOf(before))) form.value = formOf(now);
    },
    { flush: 'sync' },
  );

  const wanted = computed(() => valueOf(form.value));
  const moved = computed(() => !same(form.value, formOf(kept.value)));
  const set = (part: Partial<Form>): void => {
    form.value = { ...form.value, ...part };
  };
  const leave = (): void => {
    form.value = formOf(kept.value);
  };
  const save = (): Promise<void> =>
    act(async () => {
      if (wanted.value === undefined) return;
      await settings.change({ [group]: wanted.value });
      leave();
    });
  return { kept, form, wanted, moved, set, leave, save, busy, problem };
}
