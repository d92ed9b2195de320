import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTcp } from '#core/platforms/kernel/tcp.ts';

const end = (address: string, port: number) => ({ address, port });

test('/proc/net/tcp of a little-endian machine', () => {
  const text = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0A4DA8C0:1E61 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 5121 1
   1: 0A4DA8C0:1E61 0B4DA8C0:9ED7 01 00000000:00000000 02:0009E3F1 00000000     0        0 5240 2`;
  expect(parseTcp(text)).toEqual([
    { local: end('192.168.77.10', 7777), remote: end('0.0.0.0', 0), established: false, line: 1 },
    { local: end('192.168.77.10', 7777), remote: end('192.168.77.11', 40663), established: true, line: 2 },
  ]);
});

test('netstat and ss', () => {
  const text = `Active Internet connections (w/o servers)
Proto Recv-Q Send-Q Local Address           Foreign Address         State       
tcp        0   1414 192.168.77.10:7777      192.168.77.11:52320     FIN_WAIT1   
tcp        0      0 192.168.77.10:7777      192.168.77.11:40663     ESTABLISHED 
tcp        0      0 192.168.77.10:7777      0.0.0.0:*               LISTEN      
ESTAB  0      0      192.168.77.10:7777     192.168.77.11:40664`;
  expect(parseTcp(text).map(({ remote, established, line }) => [remote.port, established, line])).toEqual([
    [52320, false, 2],
    [40663, true, 3],
    [0, false, 4],
    [40664, true, 5],
  ]);
});

test('never throws, on any text', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => Array.isArray(parseTcp(text))));
});
