/** Which format a file is in. */
import { extname } from 'node:path/posix';
import { LENGTH_BYTES } from './safetensors.ts';

export type Format = 'safetensors' | 'onnx';

/** How many bytes from its start `formatByStart` looks at. */
export const START_BYTES = 16;

/** The tags that may follow the IR version, which stands first: the fields of ModelProto, in order. */
const AFTER_IR_VERSION = [0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42, 0x72];

/** What its name says. */
export function formatByName(path: string): Format | null {
  switch (extname(path).toLowerCase()) {
    case '.safetensors':
      return 'safetensors';
    case '.onnx':
      return 'onnx';
    default:
      return null;
  }
}

/**
 * What its first bytes look like. A guess: neither format has a mark of its own.
 * @param size of the whole file in bytes
 */
export function formatByStart(start: Buffer, size: number): Format | null {
  if (start.byteLength > LENGTH_BYTES + 1) {
    const header = start.readBigUInt64LE();
    const opens = start[LENGTH_BYTES] === 0x7b && /["}\s]/.test(String.fromCharCode(start[9]!));
    if (opens && header >= 2n && header <= BigInt(size - LENGTH_BYTES)) return 'safetensors';
  }
  const [tag = 0, version = 0, next = 0] = start;
  const onnx = tag === 0x08 && version >= 1 && version < 0x80 && AFTER_IR_VERSION.includes(next);
  return onnx ? 'onnx' : null;
}
