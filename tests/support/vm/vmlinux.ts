/**
 * The ELF kernel inside a Linux bzImage. QEMU boots it directly (PVH), which spares the emulated machine the
 * unpacking. Called by build-image.ts; reads and writes nothing itself.
 * Layout: Documentation/arch/x86/boot.rst (setup_sects, payload_offset, payload_length).
 */
import { execFileSync } from 'node:child_process';
import { zstdDecompressSync } from 'node:zlib';

const largestKernel = 256 * 1024 * 1024;

/** @throws when the file is no bzImage, or its payload is packed in a way not known here */
export function extractVmlinux(bzImage: Buffer): Buffer {
  if (bzImage.toString('latin1', 0x202, 0x206) !== 'HdrS') throw new Error('the kernel is not a bzImage');
  const setupSectors = bzImage.readUInt8(0x1f1) || 4;
  const start = (setupSectors + 1) * 512 + bzImage.readUInt32LE(0x248);
  const payload = bzImage.subarray(start, start + bzImage.readUInt32LE(0x24c));
  const elf = unpack(payload);
  if (elf.toString('latin1', 1, 4) !== 'ELF') throw new Error('the bzImage does not hold an ELF kernel');
  return elf;
}

/** Debian packs 6.1 with xz and 6.12 with zstd. The kernel's build appends the unpacked length, four bytes. */
function unpack(payload: Buffer): Buffer {
  const magic = payload.toString('hex', 0, 4);
  const stream = payload.subarray(0, -4);
  if (magic === 'fd377a58') return execFileSync('xz', ['-dc'], { input: stream, maxBuffer: largestKernel });
  if (magic === '28b52ffd') return zstdDecompressSync(stream, { maxOutputLength: largestKernel });
  throw new Error(`the kernel is packed in a way that is not known here; it begins with ${magic}`);
}
