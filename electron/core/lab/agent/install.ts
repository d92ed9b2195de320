/**
 * Taking the text of a new agent: each of its lines behind a `+`, then `=over CKSUM BYTES`. The lab's machines have
 * nothing to put it on; what is checked is that it arrived whole.
 */
import { not, ok } from './answer.ts';
import type { Answer } from './answer.ts';

export interface Installing {
  /** The answer once the last line is there, undefined until then. One character a byte. */
  line(text: string): Answer | undefined;
}

export function createInstalling(): Installing {
  let script = '';
  return {
    line: (text) => {
      if (text.startsWith('+')) {
        script += `${text.slice(1)}\n`;
        return undefined;
      }
      const bytes = Buffer.from(script, 'latin1');
      return text === `=over ${cksum(bytes)} ${bytes.length}`
        ? ok()
        : not('failed', 'the text of the agent did not arrive whole');
    },
  };
}

/** POSIX cksum(1): CRC-32 with the polynomial 04C11DB7, of the bytes and then of their number. */
export function cksum(bytes: Uint8Array): number {
  let crc = 0;
  const add = (byte: number): void => {
    crc = ((crc << 8) ^ (crcTable[((crc >>> 24) ^ byte) & 0xff] ?? 0)) >>> 0;
  };
  bytes.forEach(add);
  for (let length = bytes.length; length > 0; length = Math.floor(length / 256)) add(length % 256);
  return ~crc >>> 0;
}

const crcTable = Array.from({ length: 256 }, (_, index) => {
  let crc = index << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c1_1db7 : crc << 1;
  return crc >>> 0;
});
