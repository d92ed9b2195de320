/**
 * Bytes put together piece by piece. Copies what it is given, so that a small piece never keeps the large buffer
 * alive that it came in; grows by doubling. Its user bounds the length.
 */
export interface ByteStore {
  readonly length: number;
  add(bytes: Buffer, from: number, to: number): void;
  /** All of it as text; empties the store. */
  take(): string;
  /** All of it; empties the store. Valid until the next call of `add`. */
  takeBytes(): Buffer;
  /** At most so many bytes of its beginning, as text; leaves the store as it is. */
  start(most: number): string;
  clear(): void;
}

const firstSize = 4096;
/** What is kept for the next use; more than that is given back. */
const keptSize = 256 * 1024;

export function createByteStore(): ByteStore {
  let buffer = Buffer.allocUnsafeSlow(firstSize);
  let length = 0;

  const takeBytes = (): Buffer => {
    const taken = buffer.subarray(0, length);
    if (buffer.length > keptSize) buffer = Buffer.allocUnsafeSlow(firstSize);
    length = 0;
    return taken;
  };

  return {
    get length() {
      return length;
    },
    add: (bytes, from, to) => {
      const needed = length + to - from;
      if (needed > buffer.length) {
        const larger = Buffer.allocUnsafeSlow(Math.max(needed, buffer.length * 2));
        buffer.copy(larger, 0, 0, length);
        buffer = larger;
      }
      bytes.copy(buffer, length, from, to);
      length = needed;
    },
    take: () => takeBytes().toString('utf8'),
    takeBytes,
    start: (most) => buffer.toString('utf8', 0, Math.min(length, most)),
    clear: () => {
      takeBytes();
    },
  };
}
