/**
 * What the agent costs its host: CPU of the resident shell and of what it starts, for the reads of one tick with a
 * hundred guests. Beside it a shell that reads the same files with one grep per guest. Taken in turns, under dash.
 */
import { execFileSync, spawn } from 'node:child_process';
import { composeAgent } from '#core/hosts/agent-script.ts';
import { platforms } from '#core/platforms/index.ts';
import { readyAgent, shellsHere } from '../support/shells.ts';
import { processCpu } from './cpu.ts';
import { percentileOf, shown } from './figures.ts';
import type { Row } from './figures.ts';
import { plantGuests, rootedAt } from './guest-tree.ts';
import { NotHere } from './measurement.ts';
import type { Measurement } from './measurement.ts';
import { agentBody } from '../support/agent-body.ts';

const guests = 100;

/** One answered line per round; the loop itself starts nothing but the greps. */
const peerScript = (folders: readonly string[], leaves: readonly string[], keys: readonly string[]): string => `
while read -r line; do
${folders
  .map((folder) => {
    const whole = leaves.filter((leaf) => leaf !== 'memory.stat').map((leaf) => `'${folder}/${leaf}'`);
    return `grep -sHE '' ${whole.join(' ')}; grep -sHE '^(${keys.join('|')}) ' '${folder}/memory.stat'`;
  })
  .join('\n')}
echo "=end $line"
done
`;

function startPeer(script: string) {
  const child = spawn('/bin/dash', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'], env: { LC_ALL: 'C' } });
  let said = '';
  let heard: () => void = () => undefined;
  child.stdout.on('data', (bytes: Buffer) => {
    said += bytes.toString('latin1');
    if (said.endsWith('\n') && said.slice(-20).includes('=end')) heard();
  });
  return {
    pid: child.pid ?? 0,
    ask: () =>
      new Promise<string>((resolve) => {
        said = '';
        heard = () => resolve(said);
        child.stdin.write('1\n');
      }),
    close: () => {
      child.stdin.end();
      child.kill('SIGKILL');
    },
  };
}

export const agentCost: Measurement = {
  name: 'agent',
  title: 'what one reading costs the host with 100 guests',
  run: async ({ quick, tidy }) => {
    const dash = shellsHere.find(({ name }) => name === 'dash');
    if (dash === undefined) throw new NotHere('dash is not installed');
    const root = tidy.folder();
    const folders = plantGuests(root, guests);
    const groups = rootedAt(root);
    const fileSets = platforms.flatMap(({ sets }) => sets).filter(({ kind }) => kind === 'files');
    const agent = await readyAgent(dash, composeAgent(agentBody, [...fileSets, ...groups], []), { deadline: 60_000 });
    tidy.add(() => agent.close());
    const [main] = groups;
    if (main === undefined) throw new Error('no set of groups is read every tick');
    const peer = startPeer(peerScript(folders, main.leaves, main.keys));
    tidy.add(() => peer.close());

    // The console does not ask again for what a host has not: a set that tells nothing but the uptime.
    const ticked: string[] = [];
    let id = 0;
    for (const { name } of [...fileSets.filter(({ every }) => every === 'tick'), ...groups]) {
      const lines = await agent.ask(`${++id} read ${name}`);
      if (lines.some((line) => line.startsWith('/') && !line.startsWith('/proc/uptime:'))) ticked.push(name);
    }
    const cpuOf = (pid: number): number => {
      const { own, children } = processCpu(pid);
      return own + children;
    };
    const sample = async (): Promise<number> => {
      const start = performance.now();
      // All at once, as the console does it.
      const lines = await agent.ask(ticked.map((name) => `${++id} read ${name}`).join('\n'));
      if (lines.filter((line) => /^=end \d+ ok$/.test(line)).length !== ticked.length)
        throw new Error('the agent refused');
      const read = lines.filter((line) => line.startsWith(root) && line.includes('/memory.current:')).length;
      if (read !== guests) throw new Error(`it read ${read} of ${guests} guests`);
      return performance.now() - start;
    };
    const rounds = quick ? 30 : 150;
    const ours = { cpu: 0, millis: [] as number[] };
    const theirs = { cpu: 0 };
    for (let round = -3; round < rounds; round++) {
      const agentBefore = cpuOf(agent.pid);
      const took = await sample();
      const agentAfter = cpuOf(agent.pid);
      // The peer's hundred processes are many: every fifth round is enough.
      const peerBefore = cpuOf(peer.pid);
      if (round % 5 === 0) await peer.ask();
      if (round < 0) continue;
      ours.cpu += agentAfter - agentBefore;
      ours.millis.push(took);
      theirs.cpu += cpuOf(peer.pid) - peerBefore;
    }
    const grep = execFileSync('grep', ['--version'], { encoding: 'utf8' }).split('\n', 1)[0] ?? '';
    return [
      {
        what: 'agent: CPU of the host per reading, 100 guests (tree of files)',
        figure: ours.cpu / rounds,
        unit: 'ms',
        budget: { below: 10 },
        peer: { who: 'dash, two greps per guest', figure: theirs.cpu / Math.ceil(rounds / 5) },
        also: `${ticked.join(', ')}; dash, ${grep}; answered within ${shown(percentileOf(ours.millis, 0.5))} ms (p50). Real control groups add the kernel's own work for memory.stat`,
      },
    ] satisfies readonly Row[];
  },
};
