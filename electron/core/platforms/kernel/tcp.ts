/**
 * TCP connections as /proc/net/tcp prints them (addresses as hexadecimal words of a little-endian machine), and as
 * `netstat -tn` and `ss -tn` do. Lines of any other shape are skipped: these texts are full of headings.
 */
export interface TcpEnd {
  readonly address: string;
  readonly port: number;
}

export interface TcpConnection {
  readonly local: TcpEnd;
  readonly remote: TcpEnd;
  readonly established: boolean;
  /** 0-based line in the text. */
  readonly line: number;
}

const procLine = /^\s*\d+: ([0-9A-F]{8}):([0-9A-F]{4}) ([0-9A-F]{8}):([0-9A-F]{4}) ([0-9A-F]{2}) /;
const netstatLine = /^tcp\s+\d+\s+\d+\s+([\d.]{7,15}):(\d{1,5})\s+([\d.]{7,15}):(\d{1,5}|\*)\s+([A-Z_0-9]+)/;
const ssLine = /^([A-Z-]+)\s+\d+\s+\d+\s+([\d.]{7,15}):(\d{1,5})\s+([\d.]{7,15}):(\d{1,5}|\*)(?:\s|$)/;
const most = 2000;

export function parseTcp(text: string): readonly TcpConnection[] {
  const found: TcpConnection[] = [];
  const lines = text.split('\n');
  for (let i = 0; i < lines.length && found.length < most; i++) {
    const line = (lines[i] ?? '').slice(0, 400);
    const proc = procLine.exec(line);
    if (proc) {
      const [, local = '', localPort = '', remote = '', remotePort = '', state] = proc;
      found.push(
        connection(
          fromHex(local),
          parseInt(localPort, 16),
          fromHex(remote),
          parseInt(remotePort, 16),
          state === '01',
          i,
        ),
      );
      continue;
    }
    const netstat = netstatLine.exec(line);
    const ss = netstat ? null : ssLine.exec(line);
    const [, local, localPort, remote, remotePort] = netstat ?? (ss ? ss.slice(1) : []);
    if (local === undefined || localPort === undefined || remote === undefined || remotePort === undefined) continue;
    const state = netstat?.[5] ?? ss?.[1] ?? '';
    found.push(connection(local, Number(localPort), remote, Number(remotePort) || 0, state.startsWith('ESTAB'), i));
  }
  return found;
}

function connection(
  local: string,
  localPort: number,
  remote: string,
  remotePort: number,
  established: boolean,
  line: number,
): TcpConnection {
  return {
    local: { address: local, port: localPort },
    remote: { address: remote, port: remotePort },
    established,
    line,
  };
}

/** `0A4DA8C0` is 192.168.77.10. */
function fromHex(word: string): string {
  return [6, 4, 2, 0].map((at) => String(parseInt(word.slice(at, at + 2), 16))).join('.');
}
