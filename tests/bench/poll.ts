/**
 * One poll of one host: the files of a tick, asked over a connection that is up. Contestants take turns in short
 * blocks, so that whatever else the machine does hits them alike. No pause between polls.
 */
import { percentileOf, shown } from './figures.ts';
import type { Row } from './figures.ts';
import { startHostHere } from './host-here.ts';
import type { Measurement } from './measurement.ts';
import { openssh, product, ssh2Exec } from './poll-peers.ts';
import type { Contestant } from './poll-peers.ts';

interface Score {
  readonly millis: number[];
  cpu: number;
}

const blockSize = 10;

async function block(contestant: Contestant, score: Score): Promise<void> {
  const before = contestant.cpu();
  for (let poll = 0; poll < blockSize; poll++) {
    const start = performance.now();
    await contestant.poll();
    score.millis.push(performance.now() - start);
  }
  score.cpu += contestant.cpu() - before;
}

/** The files an answer tells of, so that nobody wins by reading less. */
const filesIn = (text: string): string =>
  [...new Set(text.split('\n').flatMap((line) => /^(\/[^:]+):/.exec(line)?.[1] ?? []))].sort().join(' ');

export const openSshCpu = 'CPU of the console for one poll';

export const poll: Measurement = {
  name: 'poll',
  title: 'one poll of one host over a connection that is up',
  run: async (means) => {
    const host = await startHostHere(means);
    const ours = await product(host, means.tidy);
    const master = await openssh(host, means.tidy);
    const bare = await ssh2Exec(host, means.tidy);
    const contestants = [ours, master, bare];

    const answers = await Promise.all(contestants.map((one) => one.poll()));
    const [first = '', ...others] = answers.map(filesIn);
    if (first === '' || others.some((other) => other !== first)) throw new Error('they did not read the same files');

    const scores = new Map<Contestant, Score>();
    const blocks = means.quick ? 12 : 60;
    for (let round = -2; round < blocks; round++) {
      // The first two blocks warm up.
      if (round === 0) scores.clear();
      for (const contestant of contestants) {
        const score = scores.get(contestant) ?? { millis: [], cpu: 0 };
        scores.set(contestant, score);
        await block(contestant, score);
      }
    }
    const of = (contestant: Contestant) => {
      const { millis, cpu } = scores.get(contestant) ?? { millis: [], cpu: 0 };
      return { p50: percentileOf(millis, 0.5), p99: percentileOf(millis, 0.99), cpu: cpu / millis.length };
    };
    const we = of(ours);
    const they = of(master);
    const ssh2 = of(bare);
    const size = Buffer.byteLength(answers[0] ?? '');
    return [
      {
        what: 'poll of one host, p50',
        figure: we.p50,
        unit: 'ms',
        budget: { below: 3 },
        peer: { who: 'ssh -S (ControlMaster)', figure: they.p50 },
        also: `${blocks * blockSize} polls each, ${(size / 1000).toFixed(1)} kB an answer; ssh2 with an exec per poll ${shown(ssh2.p50)} ms`,
      },
      {
        what: 'poll of one host, p99',
        figure: we.p99,
        unit: 'ms',
        peer: { who: 'ssh -S (ControlMaster)', figure: they.p99 },
        also: `ssh2 with an exec per poll ${shown(ssh2.p99)} ms`,
      },
      {
        what: openSshCpu,
        figure: we.cpu,
        unit: 'ms',
        peer: { who: 'ssh -S (ControlMaster)', figure: they.cpu },
        also: `ssh2 with an exec per poll ${shown(ssh2.cpu)} ms; OpenSSH: this process, the ssh it starts and the master`,
      },
      {
        what: 'times cheaper than OpenSSH in CPU',
        figure: they.cpu / we.cpu,
        unit: 'times',
        budget: { atLeast: 10 },
        also: `than ssh2 with an exec per poll: ${shown(ssh2.cpu / we.cpu)} times; a master keeps ${shown(master.memory() / 1e6)} MB for itself`,
      },
    ] satisfies readonly Row[];
  },
};
