import { mount, type VueWrapper } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nextTick, ref } from 'vue';
import VirtualTable from '../../../renderer/parts/VirtualTable.vue';
import type { TableColumn } from '../../../renderer/parts/table-column.ts';
import { givenScreen } from '../../support/screen-size.ts';

interface Row {
  readonly id: string;
  readonly size: number | undefined;
}
const columns: readonly TableColumn<Row>[] = [
  { id: 'id', title: 'Name', width: 10, sortBy: (row) => row.id, text: (row) => row.id },
  {
    id: 'size',
    title: 'Size',
    width: 6,
    figure: true,
    sortBy: (row) => row.size,
    text: (row) => String(row.size ?? '—'),
  },
];
const tenThousand: readonly Row[] = Array.from({ length: 10_000 }, (_, index) => ({
  id: `vm-${index}`,
  size: index % 10 === 0 ? undefined : (index * 7919) % 10_007,
}));

beforeEach(() => {
  localStorage.clear();
  givenScreen();
});
afterEach(() => {
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

function table(rows: readonly Row[] = tenThousand, more: Record<string, unknown> = {}) {
  const selected = ref<ReadonlySet<string>>(new Set());
  const opened: Row[] = [];
  const wrapper: VueWrapper = mount(VirtualTable<Row>, {
    attachTo: document.body,
    props: {
      label: 'Things',
      name: 'things',
      columns,
      rows,
      idOf: (row: Row) => row.id,
      nameOf: (row: Row) => row.id,
      selected: selected.value,
      'onUpdate:selected': (next: ReadonlySet<string>) => {
        selected.value = next;
        void wrapper.setProps({ selected: next });
      },
      onOpen: (row: Row) => void opened.push(row),
      ...more,
    },
  });
  const grid = wrapper.get('[role="grid"]');
  const press = async (key: string, more: object = {}) => {
    await grid.trigger('keydown', { key, ...more });
    await nextTick();
  };
  const names = () => wrapper.findAll('[role="rowheader"]').map((cell) => cell.text());
  const current = () => wrapper.find('[data-cursor] [role="rowheader"]').text();
  const head = (title: string) => wrapper.findAll('[role="columnheader"] button').find((one) => one.text() === title);
  return { wrapper, grid, press, names, current, head, selected, opened };
}

describe('VirtualTable', () => {
  it('holds ten thousand rows with a screenful in the page', async () => {
    const { wrapper, grid, names } = table();
    await nextTick();
    expect(grid.attributes('aria-rowcount')).toBe('10001');
    expect(grid.attributes('aria-colcount')).toBe('3');
    expect(names().length).toBeGreaterThan(15);
    expect(names().length).toBeLessThan(60);
    expect(names()[0]).toBe('vm-0');
    expect(wrapper.findAll('[role="row"]')[1]?.attributes('aria-rowindex')).toBe('2');
  });

  it('sorts by a click on a head, largest figure first, and remembers it', async () => {
    const { wrapper, head, names } = table();
    await head('Size')?.trigger('click');
    const largest = [...tenThousand].sort((a, b) => (b.size ?? -1) - (a.size ?? -1))[0];
    expect(names()[0]).toBe(largest?.id);
    expect(wrapper.find('[aria-sort="descending"]').text()).toBe('Size');
    await head('Size')?.trigger('click');
    expect(wrapper.find('[aria-sort="ascending"]').text()).toBe('Size');
    wrapper.unmount();
    expect(table().wrapper.find('[aria-sort="ascending"]').text()).toBe('Size');
  });

  it('works where the browser keeps nothing', async () => {
    localStorage.setItem('tmem.sort.things', '{nonsense');
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    const { head, wrapper } = table();
    await head('Name')?.trigger('click');
    expect(wrapper.find('[aria-sort="ascending"]').text()).toBe('Name');
  });

  it('moves with the keys, selects with space, opens with Enter', async () => {
    const { grid, press, current, selected, opened } = table();
    await grid.trigger('focus');
    await nextTick();
    expect(current()).toBe('vm-0');
    await press('ArrowDown');
    await press('ArrowDown');
    await press('ArrowUp');
    expect(current()).toBe('vm-1');
    expect(document.getElementById(grid.attributes('aria-activedescendant') ?? '')?.textContent).toContain('vm-1');
    await press(' ');
    expect([...selected.value]).toEqual(['vm-1']);
    await press(' ');
    expect(selected.value.size).toBe(0);
    await press('PageDown');
    expect(current()).toBe('vm-19');
    await press('Enter');
    expect(opened.map(({ id }) => id)).toEqual(['vm-19']);
    await press('Home');
    expect(current()).toBe('vm-0');
    await press('a', { ctrlKey: true });
    expect(selected.value.size).toBe(10_000);
  });

  it('keeps the cursor with its row when the order changes', async () => {
    const { wrapper, grid, press, current } = table(tenThousand.slice(0, 15));
    await grid.trigger('focus');
    await press('ArrowDown');
    await wrapper.setProps({ rows: tenThousand.slice(0, 15).reverse() });
    expect(current()).toBe('vm-1');
    // Its row leaves: the next key goes on from where it was.
    await wrapper.setProps({ rows: tenThousand.slice(0, 15) });
    await wrapper.setProps({ rows: tenThousand.slice(2, 15) });
    await press('ArrowDown');
    expect(current()).toBe('vm-3');
  });

  it('selects only what is listed with the head’s box', async () => {
    const { wrapper, selected } = table(tenThousand.slice(0, 5));
    await wrapper.get('input[aria-label="Select all that are listed"]').trigger('change');
    expect([...selected.value]).toEqual(['vm-0', 'vm-1', 'vm-2', 'vm-3', 'vm-4']);
  });
});
