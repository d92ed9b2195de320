/** mainline.zram: a swap device of compressed RAM. */
import type { Finding } from '#shared/model/wish.ts';
import { common } from '../../planning/targets.ts';
import { mebibyte, size } from '../../planning/sizes.ts';
import { commandStep } from '../../planning/steps.ts';
import type { Values, WishKind } from '../../planning/wish-kind.ts';
import { number } from '../knobs/setting.ts';
import { compressors, enabled } from '../knobs/zswap.ts';
import { zramKnob } from '../knobs/zram.ts';
import { looksOf } from './compress.ts';
import type { Look } from './look.ts';
import { available, moduleStep } from './modules.ts';
import { stages } from './stages.ts';
import { nextDevice, specText } from './zrams.ts';

/** deflate and 842 are no algorithm of most zram devices. */
const algorithms = compressors.filter((name) => name !== 'deflate' && name !== '842');
const algorithmsOf = (look: Look): readonly string[] => {
  const known = available(algorithms, look.modules, undefined, 'lzo-rle');
  return known.length === 0 ? ['lzo-rle'] : known;
};

const hasZram = (look: Look): boolean =>
  look.zrams.length > 0 || look.modules.loaded.has('zram') || look.modules.loadable.has('zram');

/** Shares of RAM in whole MiB: the kernel keeps whole pages, whatever their size. */
const share = (look: Look, percent: string): number =>
  Math.floor((look.total * Number(percent)) / 100 / mebibyte) * mebibyte;

const specOf = (look: Look, values: Values): string =>
  specText(share(look, values('size')), values('algorithm'), share(look, values('limit')), values('priority'));

export const zram: WishKind = {
  def: {
    id: 'mainline.zram',
    wizard: 'compress',
    title: 'Swap to compressed RAM with zram',
    about:
      'A swap device that keeps pages compressed in RAM and has no disk behind it. For hosts without a swap device, or with a slow one.',
    of: 'host',
  },
  fits: (found) => {
    const looks = looksOf(found);
    if (!looks.some(hasZram))
      return { fits: false, because: 'No kernel of these hosts is known to have zram.', rank: 0 };
    const bare = looks.every((look) => look.withoutSwap === true);
    return bare
      ? { fits: true, because: 'There is no swap device: zram needs none.', rank: 70 }
      : { fits: true, because: 'These kernels have zram.', rank: 40 };
  },
  form: (found) => {
    const looks = looksOf(found);
    const choices = common(looks.map(algorithmsOf));
    const best = choices.includes('zstd') ? 'zstd' : (choices[0] ?? 'lzo-rle');
    return {
      fields: [
        {
          id: 'size',
          title: 'Size',
          help: 'Room for pages before compression, as a share of RAM.',
          range: number(1, 200, '% of RAM'),
          value: '50',
          because: '25 to 50 % is usual: about a third of that is what it really takes when it is full.',
        },
        {
          id: 'algorithm',
          title: 'Algorithm',
          help: 'zstd keeps most, lz4 and lzo-rle are faster.',
          range: { kind: 'choice', choices: choices.length === 0 ? ['lzo-rle'] : choices },
          value: best,
          because: best === 'zstd' ? 'It keeps the most pages in the same RAM.' : 'zstd is not there.',
        },
        {
          id: 'limit',
          title: 'Memory limit',
          help: 'The most RAM the device may take, as a share of RAM; 0 is no limit.',
          range: number(0, 100, '% of RAM'),
          value: '25',
          because: 'Pages that do not compress then cannot fill all RAM.',
        },
        {
          id: 'priority',
          title: 'Priority',
          help: 'Devices of the highest priority are filled first.',
          range: number(0, 32_767),
          value: '100',
          because: 'Above disks, whose priority is below 0 unless somebody set it.',
          advanced: true,
        },
      ],
      findings: looks.flatMap((look) => [...findings(look)]),
    };
  },
  plan: (found, values) => {
    const looks = looksOf(found).filter(hasZram);
    const standing: Finding[] = [];
    const steps = looks.flatMap((look) => {
      const spec = specOf(look, values);
      const present = look.zrams.find(({ swap }) => swap !== undefined);
      if (present === undefined)
        return [
          ...(look.zrams.length > 0 ? [] : moduleStep(look, 'zram', undefined, 'old-value')),
          makeDevice(look, nextDevice(look.zrams), spec),
        ];
      if (present.spec !== spec) standing.push(otherwise(look, present.device, present.spec));
      return [];
    });
    return { steps, findings: standing, will: looks.flatMap((look) => [...will(look, values)]) };
  },
};

function findings(look: Look): readonly Finding[] {
  const { name } = look.site;
  if (!hasZram(look)) {
    return [
      look.finding(
        'missing',
        `The kernel of ${name} is not known to have zram.`,
        'Install a kernel with the module zram, and kmod to load it.',
      ),
    ];
  }
  const found = [look.finding('ok', `The kernel of ${name} has zram.`)];
  if (look.on(enabled) === true) {
    found.push(
      look.finding(
        'note',
        `zswap is on at ${name}: in front of zram it compresses every page twice.`,
        'Switch zswap off as well, in the wish “Stop compressing”.',
      ),
    );
  }
  return found;
}

const otherwise = (look: Look, device: string, spec: string | undefined): Finding =>
  look.finding(
    'missing',
    `${device} of ${look.site.name} is swap already${spec === undefined ? '' : `, as ${spec}`}.`,
    'Leave it, or take it away first with “Stop compressing” and make it anew.',
  );

function makeDevice(look: Look, device: string, spec: string) {
  return commandStep(zramKnob, look.site, device, 'absent', spec, {
    title: `Swap on ${device}`,
    because: 'Pages go to compressed RAM before they go to a disk.',
    stage: stages.devices,
    risk: 'medium',
    riskWords: 'Pages that do not compress take as much RAM as before, and the device has no disk to write them to.',
    undoWords:
      'Taking it back brings what it holds by then into RAM; the host refuses that when not enough is available.',
  });
}

function will(look: Look, values: Values): readonly string[] {
  const limit = share(look, values('limit'));
  const most =
    limit === 0 ? 'without a limit of its own' : `in at most ${size(limit)} of the ${size(look.total)} of RAM`;
  return [`${look.site.name} gets ${size(share(look, values('size')))} more swap, kept ${most}.`];
}
