// The ELF kernel in a bzImage. QEMU starts it at once, where the image would unpack itself first: seconds, when it is emulated.
import { output } from './command.js';

const BOOT_SIGNATURE = 0xaa55;
const SECTOR = 512;

/** By the first bytes of the packed kernel, what unpacks it. Behind all but gzip's stands its unpacked size, in 4 bytes that are no part of it. */
const PACKERS = [
  { magic: '28b52ffd', program: 'zstd', args: ['-dcq'], trailer: 4 },
  { magic: 'fd377a', program: 'xz', args: ['-dc', '--single-stream'], trailer: 4 },
  { magic: '1f8b', program: 'gzip', args: ['-dc'], trailer: 0 },
] as const;

/** Where the packed kernel lies in a bzImage (Documentation/arch/x86/boot.rst: setup_sects, payload_offset, payload_length). @throws Error when it is none */
export function payloadOf(image: Buffer): Buffer {
  if (image.length < 0x250 || image.readUInt16LE(0x1fe) !== BOOT_SIGNATURE || image.toString('latin1', 0x202, 0x206) !== 'HdrS')
    throw new Error('not a kernel image');
  const sectors = image[0x1f1]! || 4;
  const start = (sectors + 1) * SECTOR + image.readUInt32LE(0x248);
  return image.subarray(start, start + image.readUInt32LE(0x24c));
}

/** The ELF kernel. @throws Error when it is packed in a way that is not known, CannotRun when it cannot be unpacked */
export function vmlinuxOf(image: Buffer): Buffer {
  const payload = payloadOf(image);
  const packer = PACKERS.find(({ magic }) => payload.toString('hex', 0, magic.length / 2) === magic);
  if (!packer) throw new Error(`the kernel image is packed in an unknown way (${payload.toString('hex', 0, 6)})`);
  return output(packer.program, packer.args, { input: payload.subarray(0, payload.length - packer.trailer) });
}
