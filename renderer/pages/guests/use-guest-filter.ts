/** The filter of the guests page. It lives in the page's address, so that it survives going to a guest and back. */
import { computed, reactive, watch } from 'vue';
import { useRoute, useRouter, type LocationQuery } from 'vue-router';
import type { GuestKind } from '#shared/model/guest.ts';
import type { HostView } from '#shared/model/host.ts';
import { useHosts } from '../../stores/hosts.ts';
import type { GuestFilter } from './filter-guests.ts';
import { guestKinds } from './guest-kinds.ts';

const gibibyte = 1024 ** 3;

/** As it stands in the form: text, and '' for "all". */
export interface FilterForm {
  text: string;
  /** `group:…`, `tag:…` or `host:…`. */
  among: string;
  kind: string;
  paysOverGiB: string;
  hurts: boolean;
  unknown: boolean;
}

const empty: FilterForm = { text: '', among: '', kind: '', paysOverGiB: '', hurts: false, unknown: false };

export function useGuestFilter() {
  const route = useRoute();
  const router = useRouter();
  const hosts = useHosts();
  const form = reactive<FilterForm>(formOf(route.query));

  watch(form, () => void router.replace({ query: queryOf(form) }));

  const filter = computed((): GuestFilter => {
    const paysOver = Number(form.paysOverGiB) * gibibyte;
    const kind = guestKinds.find((known) => known === form.kind);
    return {
      text: form.text,
      hurts: form.hurts,
      unknown: form.unknown,
      ...(form.among === '' ? {} : { hosts: hostsAmong(hosts.all, form.among) }),
      ...(kind === undefined ? {} : { kind }),
      ...(paysOver > 0 ? { paysOver } : {}),
    };
  });
  const active = computed(() => JSON.stringify(form) !== JSON.stringify(empty));
  const clear = (): void => void Object.assign(form, empty);

  /** What hosts can be picked by: their groups, their tags, and themselves while they are few. */
  const choices = computed(() => {
    const groups = new Set<string>();
    const tags = new Set<string>();
    for (const { config } of hosts.all) {
      if (config.group !== '') groups.add(config.group);
      for (const tag of config.tags) tags.add(tag);
    }
    return {
      groups: [...groups].sort(),
      tags: [...tags].sort(),
      hosts: hosts.all.slice(0, 100).map(({ config }) => ({ id: config.id, name: config.name })),
    };
  });

  return { form, filter, active, clear, choices };
}

function hostsAmong(views: readonly HostView[], among: string): ReadonlySet<string> {
  const at = among.indexOf(':');
  const [by, wanted] = [among.slice(0, at), among.slice(at + 1)];
  return new Set(
    views
      .filter(({ config }) => {
        if (by === 'group') return config.group === wanted;
        return by === 'tag' ? config.tags.includes(wanted) : config.id === wanted;
      })
      .map(({ config }) => config.id),
  );
}

function formOf(query: LocationQuery): FilterForm {
  const word = (name: string): string => {
    const value = query[name];
    return typeof value === 'string' ? value : '';
  };
  const kind: GuestKind | undefined = guestKinds.find((known) => known === word('kind'));
  return {
    text: word('text'),
    among: word('among'),
    kind: kind ?? '',
    paysOverGiB: word('over'),
    hurts: word('hurts') !== '',
    unknown: word('unknown') !== '',
  };
}

/** Only what differs from "all": an unfiltered page keeps a clean address. */
function queryOf(form: FilterForm): LocationQuery {
  const all: LocationQuery = {
    text: form.text,
    among: form.among,
    kind: form.kind,
    over: form.paysOverGiB === '' ? '' : String(form.paysOverGiB),
    hurts: form.hurts ? '1' : '',
    unknown: form.unknown ? '1' : '',
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}
