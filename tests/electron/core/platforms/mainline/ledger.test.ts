/** What the ledger needs of a Linux host beyond its files: sums over guests, the page size, which zram is swap. */
import { describe, expect, test } from 'vitest';
import { mainline } from '#core/platforms/mainline/index.ts';
import { syntheticCommands as say, syntheticEvidence, syntheticGroup, uuid } from './synthetic.ts';

const MiB = 2 ** 20;
const read = (files: Readonly<Record<string, string>>, commands: Readonly<Record<string, string>> = {}) => {
  const { values } = mainline.read(syntheticEvidence(files, commands));
  return (metric: string, instance = '') =>
    values.find((value) => value.metric === metric && value.instance === instance)?.value;
};

describe('guests of a host', () => {
  const scope = '/sys/fs/cgroup/machine.slice/machine-qemu\\x2d3\\x2ddb1.scope';
  const list = ` Id   Name          State
------------------------------
 3    db1           running
 7    web           running

${uuid('a')} db1
${uuid('b')} web`;
  // db1 has a group with 900 MiB resident and 100 MiB compressed; web has neither group nor process.
  const value = read(
    { ...syntheticGroup(scope), '/proc/meminfo': 'MemTotal: 8388608 kB' },
    {
      ...say.virshList(list),
      ...say.virshDomstats(`Domain: 'db1'
  balloon.current=3145728
  balloon.maximum=4194304

Domain: 'web'
  balloon.current=1048576
  balloon.maximum=2097152`),
    },
  );

  test('promised counts all that were promised anything', () => {
    expect(value('mainline.guests.promised')).toBe((4096 + 2048) * MiB);
  });

  test('what the balloon took back is of the guests where both are known', () => {
    expect(value('mainline.balloon.promised')).toBe((4096 + 2048) * MiB);
    expect(value('mainline.balloon.allowed')).toBe((3072 + 1024) * MiB);
    expect(value('mainline.saved.ballooned')).toBe((1024 + 1024) * MiB);
  });

  test('what guests take is compared with what the same guests may have', () => {
    expect(value('mainline.guests.current')).toBe(3072 * MiB);
    expect(value('mainline.guests.taken')).toBe((900 + 100) * MiB);
  });

  test('the page size of the host is kept with its figures', () => {
    expect(value('host.page-size')).toBe(4096);
  });
});

test('without guests there are no sums over guests', () => {
  const value = read({ '/proc/meminfo': 'MemTotal: 8388608 kB' });
  for (const id of ['guests.promised', 'guests.current', 'guests.taken', 'balloon.promised', 'balloon.allowed'])
    expect(value(`mainline.${id}`)).toBeUndefined();
});

describe('zram', () => {
  const devices = {
    '/sys/block/zram0/mm_stat': '40960 100 8192 0 0 0 0 0 0',
    '/sys/block/zram0/initstate': '1',
    '/sys/block/zram1/mm_stat': '40960 100 8192 0 0 0 0 0 0',
    '/sys/block/zram1/initstate': '1',
    '/sys/block/zram2/initstate': '0',
  };

  test('swap, something else, and a device that is not set up', () => {
    const value = read({
      ...devices,
      '/proc/swaps': 'Filename Type Size Used Priority\n/dev/zram0 partition 9 1 -2',
    });
    expect(['zram0', 'zram1', 'zram2'].map((device) => value('zram.swap', device))).toEqual([1, 0, undefined]);
  });

  test('where nothing tells what is swap, all that are set up count as it', () => {
    const value = read(devices);
    expect(['zram0', 'zram1', 'zram2'].map((device) => value('zram.swap', device))).toEqual([1, 1, undefined]);
  });
});
