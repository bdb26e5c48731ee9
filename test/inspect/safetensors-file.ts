/** Writes safetensors files: right ones, and headers of any text. */

export interface Tensor {
  dtype: string;
  shape: number[];
  /** Bytes of one number; 4 where it isn't said. */
  width?: number;
  fill?: number;
}

/** @param metadata as it stands in the header, whatever it is */
export function safetensorsFile(tensors: Record<string, Tensor>, metadata?: unknown): Buffer {
  const parts: string[] = [];
  const values: Buffer[] = [];
  if (metadata !== undefined) parts.push(`"__metadata__":${JSON.stringify(metadata)}`);
  let at = 0;
  for (const [name, { dtype, shape, width = 4, fill = 0 }] of Object.entries(tensors)) {
    const bytes = shape.reduce((product, dim) => product * dim, 1) * width;
    const entry = { dtype, shape, data_offsets: [at, at + bytes] };
    parts.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
    values.push(Buffer.alloc(bytes, fill));
    at += bytes;
  }
  return withHeader(`{${parts.join(',')}}`, Buffer.concat(values));
}

/** @param header any text or bytes, right or wrong */
export function withHeader(header: string | Buffer, values = Buffer.alloc(0)): Buffer {
  const bytes = Buffer.from(header as string);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.byteLength));
  return Buffer.concat([length, bytes, values]);
}
