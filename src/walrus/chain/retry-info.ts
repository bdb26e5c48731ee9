/** How long a gRPC server asks to be left alone: google.rpc.RetryInfo among an error's details. */
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo';
const LONGEST_SECONDS = 86_400;

/**
 * @param details the `grpc-status-details-bin` trailer: base64 of a google.rpc.Status
 * @returns seconds, at most a day; null where it doesn't say
 */
export function retryInfoSeconds(details: string): number | null {
  try {
    for (const any of fieldsOf(Buffer.from(details, 'base64'), 3)) {
      const [url] = fieldsOf(any, 1);
      const [info] = fieldsOf(any, 2);
      if (!info || Buffer.from(url ?? []).toString() !== RETRY_INFO) continue;
      const [delay] = fieldsOf(info, 1);
      return delay ? secondsOf(delay) : null;
    }
  } catch {
    // Not protobuf: then it says nothing.
  }
  return null;
}

/** All values of one length-delimited field. */
function fieldsOf(message: Uint8Array, field: number): Uint8Array[] {
  const reader = new BinaryReader(message);
  const found: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const [at, type] = reader.tag();
    if (at === field && type === WireType.LengthDelimited) found.push(reader.bytes());
    else reader.skip(type, at);
  }
  return found;
}

/** A google.protobuf.Duration, rounded up. */
function secondsOf(duration: Uint8Array): number {
  const reader = new BinaryReader(duration);
  let seconds = 0;
  while (reader.pos < reader.len) {
    const [at, type] = reader.tag();
    if (at === 1 && type === WireType.Varint) seconds += Number(reader.int64());
    else if (at === 2 && type === WireType.Varint) seconds += reader.int32() / 1e9;
    else reader.skip(type, at);
  }
  return Math.min(Math.max(Math.ceil(seconds), 0), LONGEST_SECONDS);
}
