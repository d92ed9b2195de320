/** What the platform declares: files, metrics and knobs fit together, and with the other platforms'. */
import { describe, expect, test } from 'vitest';
import { composeAgent } from '#core/hosts/agent-script.ts';
import { mainline } from '#core/platforms/mainline/index.ts';
import { ramster } from '#core/platforms/ramster/index.ts';
import { everyState, recorded } from './captures.ts';

const files = ramster.sets.flatMap((set) => (set.kind === 'files' ? set.files : []));
const below = (directory: string): number => files.filter((path) => path.startsWith(`${directory}/`)).length;

describe('files', () => {
  test('as many as the kernels have', () => {
    // 40 on the kernel that was watched, and two more where write-back is built in.
    expect(below('/sys/kernel/debug/zcache')).toBe(42);
    expect(below('/sys/kernel/debug/zbud')).toBe(17);
    expect(below('/sys/kernel/debug/ramster')).toBe(17);
    expect(below('/sys/kernel/mm/cleancache')).toBe(4);
    expect(new Set(files).size).toBe(files.length);
  });

  test('every file of a real pair is on the list, but those that today’s Linux reads', () => {
    const known = new Set(files.map((path) => path.replaceAll('*', 'X')));
    for (const name of everyState) {
      const met = [...recorded(name).files.keys()].filter((path) => path.startsWith('/sys/'));
      const unknown = met
        .map((path) => path.replace(/cluster\/[^/]+/, 'cluster/X').replace(/node\/[^/]+\//, 'node/X/'))
        .filter((path) => !known.has(path) && !/debug\/(frontswap|cleancache)\//.test(path));
      expect(unknown, name).toEqual([]);
    }
  });

  test('the agent takes the lists, beside the others', () => {
    const agent = composeAgent('', [...mainline.sets, ...ramster.sets], [...mainline.commands, ...ramster.commands]);
    expect(agent).toContain('ramster.cluster)');
    expect(agent).toContain('ramster-links)');
  });
});

describe('metrics', () => {
  const ids = ramster.catalogue.map(({ id }) => id);

  test('one id, one declarer', () => {
    expect(new Set(ids).size).toBe(ids.length);
    const theirs = new Set(mainline.catalogue.map(({ id }) => id));
    expect(ids.filter((id) => theirs.has(id))).toEqual([]);
  });

  test('nothing is said that is not declared', () => {
    for (const name of everyState) {
      const said = ramster.read(recorded(name)).values.map(({ metric }) => metric);
      expect(
        said.filter((metric) => !ids.includes(metric)),
        name,
      ).toEqual([]);
    }
  });

  test('gauges are levels, marks are not drawn, the rest only grows', () => {
    const kind = new Map(ramster.catalogue.map((def) => [def.id, def]));
    expect(kind.get('zcache.pers_zpages')?.kind).toBe('level');
    expect(kind.get('zcache.zero_filled_pages')?.kind).toBe('level');
    expect(kind.get('ramster.foreign_pers_pages')?.kind).toBe('level');
    expect(kind.get('ramster.pers_pages_remoted')?.kind).toBe('counter');
    for (const { id, charted } of ramster.catalogue) if (id.endsWith('_max')) expect(charted, id).toBe(false);
  });

  test('sentences', () => {
    for (const { id, help } of ramster.catalogue) expect(help, id).toMatch(/^[A-Z0-9][^!]*\.$/);
  });
});

describe('knobs', () => {
  const knobs = ramster.knobs ?? [];

  test('each is read back by a metric that exists', () => {
    const ids = new Set(ramster.catalogue.map(({ id }) => id));
    expect(knobs.filter(({ readBy }) => readBy !== undefined && !ids.has(readBy))).toEqual([]);
    expect(new Set(knobs.map(({ id }) => id)).size).toBe(knobs.length);
  });

  test('what cannot be undone says so', () => {
    const traps = (id: string): string => knobs.find((knob) => knob.id === id)?.traps.join('\n') ?? '';
    expect(traps('ramster.manual_node_up')).toContain('One way');
    expect(traps('ramster.remote_target_nodenum')).toContain('never unset');
    expect(traps('ramster.pers_remotify_enable')).toContain('strands');
    expect(traps('ramster.node.num')).toContain('after port and address');
    expect(traps('ramster.node.num')).toContain('written once');
    expect(traps('zcache.zv_max_zsize')).toContain('killing processes');
  });

  test('the order of writing in a node is port and address, number, local', () => {
    const order = knobs.map(({ id }) => id).filter((id) => id.startsWith('ramster.node.'));
    expect(order).toEqual(['ipv4_port', 'ipv4_address', 'num', 'local'].map((name) => `ramster.node.${name}`));
  });

  test('a target is a file of the list, a directory or a word of the command line', () => {
    for (const { id, target } of knobs) {
      if (/^(?:mkdir|kernel command line:) /.test(target)) continue;
      expect(files, id).toContain(target.replace('NAME', '*').replace('NODE', '*'));
    }
  });
});
