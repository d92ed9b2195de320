/** What the real files of RAMster do against the obvious reading; each was watched on a 3.10 kernel. */
import { describe, expect, it } from 'vitest';
import type { RamsterHost } from '#core/lab/ramster/ramster-hosts.ts';
import { bare, config, debug, host, run, switches, write } from '../../../../support/ramster-cluster.ts';

describe('the traps of the real files', () => {
  it('a refused write locks a node’s attribute until rmdir and mkdir', () => {
    const node = host(bare(), 'node0');
    expect(node.run(['mkdir', `${config}/ramster`]).status).toBe(0);
    expect(node.run(['mkdir', `${config}/second`]).text).toContain('No space left on device');
    const own = `${config}/ramster/node/n0`;
    node.run(['mkdir', own]);
    expect(write(node, `${own}/num`, '0')).toBe('EINVAL');
    expect(write(node, `${own}/num`, '0')).toBe('EBUSY');
    expect(write(node, `${own}/ipv4_address`, '1.2.3')).toBe('EINVAL');
    expect(write(node, `${own}/ipv4_address`, '192.168.77.10')).toBe('EBUSY');
    expect(node.run(['rmdir', `${config}/ramster`]).text).toContain('Directory not empty');
    node.run(['rmdir', own]);
    node.run(['mkdir', own]);
    expect(write(node, `${own}/ipv4_port`, '7777')).toBe('ok');
    expect(write(node, `${own}/ipv4_address`, '192.168.77.10')).toBe('ok');
    expect(write(node, `${own}/num`, '0')).toBe('ok');
    expect(write(node, `${own}/local`, '1')).toBe('ok');
    expect(write(node, `${own}/local`, '0')).toBe('EBUSY');
    expect(node.files.read('/proc/net/tcp')).toContain('0A4DA8C0:1E61 00000000:0000 0A');
  });

  it('a number raised before the cluster exists is used up', () => {
    const cluster = bare();
    const node = host(cluster, 'node0');
    expect(write(node, `${switches}/manual_node_up`, '1')).toBe('ok');
    expect(node.files.read(`${switches}/manual_node_up`)).toBe('1 \n');
    expect(write(node, `${switches}/manual_node_up`, '1')).toBe('ok');
    expect(node.run(['dmesg']).text).toMatch(
      /cluster not alive, node_up_manual ignored\n.*node 1 already up, ignoring/,
    );
    expect(node.state.sides.size).toBe(0);
  });

  it.each([
    ['manual_node_up', '8', 'EINVAL', '\n'],
    ['manual_node_up', '0 1', 'EINVAL', '\n'],
    ['remote_target_nodenum', '1', 'ok', 'unset\n'],
    ['remote_target_nodenum', 'unset', 'EINVAL', 'unset\n'],
    ['pers_remotify_enable', '7', 'ok', '7\n'],
    ['pers_remotify_enable', ' 1', 'EINVAL', '0\n'],
    ['pers_remotify_enable', '18446744073709551615', 'ok', '18446744073709551615\n'],
    ['pers_remotify_enable', '18446744073709551616', 'EINVAL', '0\n'],
    ['interface_revision', '6', 'EACCES', '5\n'],
    ['remote_pers_pages', '1', 'EACCES', '0\n'],
  ])('%s <- %s: %s, reads %j', (name, value, outcome, after) => {
    const node = host(bare(), 'node0');
    expect(write(node, `${switches}/${name}`, value)).toBe(outcome);
    expect(node.files.read(`${switches}/${name}`)).toBe(after);
  });

  it.each([
    ['idle_timeout_ms', '0', 'EINVAL', '30000\n'],
    ['idle_timeout_ms', '2000', 'EINVAL', '30000\n'],
    ['idle_timeout_ms', '4294967295', 'ERANGE', '30000\n'],
    ['idle_timeout_ms', '1000000', 'ok', '1000000\n'],
    ['keepalive_delay_ms', '3000000', 'EINVAL', '2000\n'],
    ['fence_method', 'panic', 'EINVAL', 'reset\n'],
    ['fence_method', 'PANIC\n', 'ok', 'panic\n'],
    ['heartbeat/dead_threshold', '2', 'ok', '31\n'],
    ['heartbeat/mode', 'g', 'ok', 'global\n'],
  ])('%s <- %j: %s, reads %j', (name, value, outcome, after) => {
    const node = host(bare(), 'node0');
    node.run(['mkdir', `${config}/ramster`]);
    expect(write(node, `${config}/ramster/${name}`, value)).toBe(outcome);
    expect(node.files.read(`${config}/ramster/${name}`)).toBe(after);
  });

  it('a peer that comes later than the idle timeout finds a dead end, and unused numbers are the way out', () => {
    const cluster = bare();
    const configure = (machine: RamsterHost, numbers: readonly number[]): void => {
      machine.run(['mkdir', `${config}/ramster`]);
      [0, 1].forEach((index) => {
        const own = `${config}/ramster/node/node${String(index)}`;
        machine.run(['mkdir', own]);
        write(machine, `${own}/ipv4_port`, '7777');
        write(machine, `${own}/ipv4_address`, `192.168.77.${String(10 + index)}`);
        write(machine, `${own}/num`, String(numbers[index]));
        if (machine.name === `node${String(index)}`) write(machine, `${own}/local`, '1');
      });
      for (const num of numbers) write(machine, `${switches}/manual_node_up`, String(num));
    };
    const clear = (machine: RamsterHost): void => {
      for (const node of ['node0', 'node1']) machine.run(['rmdir', `${config}/ramster/node/${node}`]);
      machine.run(['rmdir', `${config}/ramster`]);
    };
    const [one, two] = [host(cluster, 'node0'), host(cluster, 'node1')];
    const linked = (): boolean => (one.files.read('/proc/net/tcp') ?? '').includes('0B4DA8C0:');
    configure(two, [0, 1]);
    run(cluster, 40);
    configure(one, [0, 1]);
    run(cluster, 60);
    expect(linked()).toBe(false);
    expect(two.run(['dmesg']).text).toContain('No connection established with node 0 after 30.0 seconds, giving up.');
    for (const machine of [one, two]) clear(machine);
    for (const machine of [one, two]) configure(machine, [2, 3]);
    run(cluster, 10);
    expect(linked()).toBe(true);
    expect(write(one, `${config}/ramster/idle_timeout_ms`, '50000')).toBe('EINVAL');
  });

  it('root can overwrite counters of size_t, and not those of 64 bits', () => {
    const node = host(bare(), 'node0');
    expect(write(node, `${debug}/zcache/eph_zpages`, '3')).toBe('ok');
    expect(node.files.read(`${debug}/zcache/eph_zpages`)).toBe('3\n');
    expect(write(node, `${debug}/zcache/obj_count`, 'x')).toBe('ok');
    expect(node.files.read(`${debug}/zcache/obj_count`)).toBe('0\n');
    expect(write(node, `${debug}/zbud/pers_zbytes`, '3')).toBe('EACCES');
    expect(write(node, `${debug}/frontswap/loads`, '3')).toBe('EACCES');
  });
});
