/** The scripts of this platform's knobs under the shells of old and small hosts, in a folder that looks like configfs. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { agentKnobs } from '#core/platforms/ramster/agent-knobs.ts';
import { commands } from '#core/platforms/ramster/commands.ts';
import { commandOf, runScript, scriptShells } from '../../../../support/knob-scripts.ts';

/**
 * Stand-ins for what a plain folder lacks: mkdir makes the attributes as configfs does, rmdir takes them away; of a node
 * called `bad` the number takes no write.
 */
const configfs = `mkdir() {
command mkdir "$1" || return 1
case $1 in
*/node/bad) echo 0 >"$1/ipv4_port"; echo 0.0.0.0 >"$1/ipv4_address"; ln -s /dev/full "$1/num"; echo 0 >"$1/local" ;;
*/node/*) echo 0 >"$1/ipv4_port"; echo 0.0.0.0 >"$1/ipv4_address"; echo 0 >"$1/num"; echo 0 >"$1/local" ;;
*) command mkdir "$1/node" "$1/heartbeat"; echo 30000 >"$1/idle_timeout_ms"; echo 2000 >"$1/keepalive_delay_ms"
echo 31 >"$1/heartbeat/dead_threshold" ;;
esac
}
rmdir() {
case $1 in
*/node/*) [ -d "$1" ] || return 1; rm -r "$1" ;;
*) set -- "$1" "$1"/node/*; [ ! -e "$2" ] || { echo "rmdir: $1: Directory not empty" >&2; return 1; }; rm -r "$1" ;;
esac
}`;

describe.each(scriptShells)('%s', (_, shell) => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'ramster-knobs-'));
    mkdirSync(join(root, 'cluster'));
    mkdirSync(join(root, 'ramster'));
    writeFileSync(join(root, 'ramster', 'manual_node_up'), '\n');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const place = () => ({
    shell,
    before: configfs,
    instead: new Map([
      ['/sys/kernel/config/cluster', join(root, 'cluster')],
      ['/sys/kernel/mm/ramster', join(root, 'ramster')],
    ]),
  });
  const read = (name: string, instance: string) => runScript(commandOf(agentKnobs, name).read, [instance], place());
  const write = (name: string, instance: string, value: string) =>
    runScript(commandOf(agentKnobs, name).write, [instance, value], place());

  test('a cluster comes with its times and goes', () => {
    expect(read('ramster.cluster', 'lab')).toMatchObject({ status: 0, said: 'absent' });
    expect(write('ramster.cluster', 'lab', '60000:2000:31')).toMatchObject({ status: 0, complaint: '' });
    expect(read('ramster.cluster', 'lab').said).toBe('60000:2000:31');
    // The keepalive may never reach the idle timeout that is there at the moment: it comes last when both grow.
    expect(write('ramster.cluster', 'lab', '90000:70000:500').status).toBe(0);
    expect(read('ramster.cluster', 'lab').said).toBe('90000:70000:500');
    expect(write('ramster.cluster', 'lab', 'absent').status).toBe(0);
    expect(read('ramster.cluster', 'lab').said).toBe('absent');
  });

  test('without configfs there is nothing', () => {
    rmSync(join(root, 'cluster'), { recursive: true });
    expect(read('ramster.cluster', 'lab').status).toBe(3);
    expect(read('ramster.node', 'lab/a').status).toBe(3);
    rmSync(join(root, 'ramster'), { recursive: true });
    expect(read('ramster.manual_node_up', '1').status).toBe(3);
  });

  test('a node is written in its order, made anew when it changes, and removed', () => {
    write('ramster.cluster', 'lab', '30000:2000:31');
    expect(read('ramster.node', 'lab/a')).toMatchObject({ status: 0, said: 'absent' });
    expect(write('ramster.node', 'lab/a', '7777:192.168.77.10:0:1')).toMatchObject({ status: 0, complaint: '' });
    expect(read('ramster.node', 'lab/a').said).toBe('7777:192.168.77.10:0:1');
    expect(write('ramster.node', 'lab/a', '7778:10.0.0.1:3:0').status).toBe(0);
    expect(read('ramster.node', 'lab/a').said).toBe('7778:10.0.0.1:3:0');
    expect(write('ramster.cluster', 'lab', 'absent').status).not.toBe(0);
    expect(write('ramster.node', 'lab/a', 'absent').status).toBe(0);
    expect(read('ramster.node', 'lab/a').said).toBe('absent');
    expect(write('ramster.node', 'lab/a', 'absent').status).toBe(0);
  });

  test('a refused write leaves no locked node behind, and says why', () => {
    write('ramster.cluster', 'lab', '30000:2000:31');
    const { status, complaint } = write('ramster.node', 'lab/bad', '7777:192.168.77.10:2:0');
    expect(status).toBe(1);
    expect(complaint).toContain('No space left on device');
    expect(complaint).toContain('num did not take 2');
    expect(existsSync(join(root, 'cluster/lab/node/bad'))).toBe(false);
  });

  test('a node whose writing was cut off reads as unfinished', () => {
    write('ramster.cluster', 'lab', '30000:2000:31');
    write('ramster.node', 'lab/a', '7777:192.168.77.10:0:0');
    write('ramster.node', 'lab/b', '7777:192.168.77.11:1:0');
    writeFileSync(join(root, 'cluster/lab/node/b/num'), '0\n');
    expect(read('ramster.node', 'lab/b').said).toBe('partial');
    writeFileSync(join(root, 'cluster/lab/node/b/ipv4_port'), '0\n');
    expect(read('ramster.node', 'lab/b').said).toBe('partial');
  });

  test('a number is raised when its node is there, never before, never down', () => {
    const list = join(root, 'ramster', 'manual_node_up');
    expect(write('ramster.manual_node_up', '1', 'up')).toMatchObject({ status: 1 });
    expect(readFileSync(list, 'utf8')).toBe('\n');
    write('ramster.cluster', 'lab', '30000:2000:31');
    write('ramster.node', 'lab/a', '7777:192.168.77.10:1:0');
    expect(write('ramster.manual_node_up', '1', 'up')).toMatchObject({ status: 0, complaint: '' });
    expect(readFileSync(list, 'utf8')).toBe('1\n');
    writeFileSync(list, '0 11 \n');
    expect(read('ramster.manual_node_up', '1').said).toBe('down');
    expect(read('ramster.manual_node_up', '11').said).toBe('up');
    expect(write('ramster.manual_node_up', '11', 'down').complaint).toContain('until the host is booted again');
  });

  test('addresses of the host itself, without its routes', () => {
    const table = `Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     |-- 10.0.2.0
        /24 link UNICAST
Local:
  +-- 0.0.0.0/0 3 0 5
     |-- 10.0.2.255
        /32 link BROADCAST
     |-- 10.0.2.15
        /32 host LOCAL
     |-- 127.0.0.1
        /32 host LOCAL
`;
    writeFileSync(join(root, 'fib_trie'), table);
    const found = commands.find(({ name }) => name === 'ramster-addresses');
    const { said } = runScript(found?.script ?? '', [], {
      shell,
      instead: new Map([
        ['/proc/net/fib_trie', join(root, 'fib_trie')],
        ['/sys/kernel/mm/ramster', root],
      ]),
    });
    expect(said).toBe('10.0.2.15\n127.0.0.1');
  });
});
