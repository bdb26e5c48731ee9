/** Two artifacts compared: which files differ, and what differs inside them in terms of the model. */
import { z } from 'zod';
import { artifactId, blobId } from './names.ts';

const path = z.string();
const size = z.int().nullable().meta({ description: 'Bytes, as the source states; null: unknown' });

/** A list that may be cut short: `count` is always that of the whole. */
function cut<T extends z.ZodType>(item: T) {
  return z.strictObject({
    count: z.int(),
    items: z
      .array(item)
      .meta({ description: 'The first ones; fewer than `count` where it is cut' }),
  });
}

const artifactFiles = z.strictObject({
  artifactId,
  files: z.int(),
  knownBytes: z.number().meta({ description: 'Sum of the sizes that are known' }),
  unknownSizes: z.int().meta({ description: 'Files that are not in that sum' }),
});

const file = z.strictObject({ path, blobId, size });

const onOneSide = z.strictObject({
  ...file.shape,
  sameBlobAt: path
    .nullable()
    .meta({ description: 'A path of the other artifact that holds the same blob' }),
});

export const basis = z.enum(['verified', 'unverified']).meta({
  description:
    "What was looked into. verified: bytes whose Blob ID was computed here. unverified: what an aggregator says the blob's bytes are",
});

const fileSide = z.strictObject({
  blobId,
  size,
  format: z
    .enum(['safetensors', 'onnx', 'unknown'])
    .nullable()
    .meta({ description: 'unknown: neither of the others. null: it was not looked into' }),
  basis: basis.nullable(),
  tensors: z.int().nullable().meta({ description: 'ONNX: initializers of the graph' }),
  parameters: z.int().nullable().meta({ description: 'How many numbers its tensors hold' }),
  problem: z.string().nullable().meta({ description: 'Why its inside is not known' }),
});

export const finding = z.enum(['weights', 'outline', 'model', 'format', 'bytes']).meta({
  description:
    'weights: every byte that is no value of a tensor is the same. outline: nothing that is looked at differs, but bytes outside the values of tensors do. model: see `inside`. format: another format. bytes: nothing more is known than that the bytes differ',
});

const shape = z
  .array(z.union([z.int(), z.string(), z.null()]))
  .nullable()
  .meta({ description: 'A name: symbolic. null: not said' });

const typed = {
  dtype: z.string(),
  shape,
  kept: z.enum(['external', 'sparse']).nullable().meta({
    description: 'external: in another file. sparse: only what is not zero. null: plainly',
  }),
};

const shapes = z.strictObject({
  added: cut(z.strictObject({ name: z.string(), ...typed })),
  removed: cut(z.strictObject({ name: z.string(), ...typed })),
  changed: cut(
    z.strictObject({
      name: z.string(),
      what: z.array(z.enum(['shape', 'dtype', 'kept'])),
      before: z.strictObject(typed),
      after: z.strictObject(typed),
    }),
  ),
  unchanged: z.int(),
});

const texts = cut(
  z.strictObject({
    name: z.string(),
    before: z.string().nullable().meta({ description: 'null: not there' }),
    after: z.string().nullable(),
  }),
);

const inside = z.strictObject({
  facts: texts.meta({
    description: 'IR version, opsets, producer, graph, functions: what differs',
  }),
  tensors: shapes.meta({ description: 'ONNX: initializers. By name: a rename is not guessed' }),
  inputs: shapes,
  outputs: shapes,
  operators: cut(z.strictObject({ name: z.string(), before: z.int(), after: z.int() })).meta({
    description: 'Those whose number of nodes differs',
  }),
  metadata: texts,
});

export const changedFile = z.strictObject({
  path,
  before: fileSide,
  after: fileSide,
  finding,
  words: z.string().meta({ description: 'The finding in a few words, with what it rests on' }),
  inside: inside.nullable().meta({ description: 'null: not compared, see `finding`' }),
});

export const artifactDiff = z
  .strictObject({
    summary: z.string().meta({ description: 'One plain sentence' }),
    identical: z.boolean().meta({ description: 'The same blobs under the same paths' }),
    before: artifactFiles,
    after: artifactFiles,
    unchanged: z.int().meta({ description: 'Files with the same path and blob on both sides' }),
    added: cut(onOneSide),
    removed: cut(onOneSide),
    renamed: cut(z.strictObject({ from: path, to: path, blobId, size })).meta({
      description:
        'The same blob under another path. Where several files share a blob, which became which is not known: they are paired in order of path',
    }),
    changed: cut(changedFile).meta({ description: 'The same path, another blob' }),
    notes: z.array(z.string()).meta({ description: 'What a reader must know' }),
  })
  .meta({ id: 'ArtifactDiff' });

export type ArtifactDiff = z.output<typeof artifactDiff>;
export type ChangedFile = z.output<typeof changedFile>;
export type FileSide = ChangedFile['before'];
export type Inside = NonNullable<ChangedFile['inside']>;
export type Shapes = Inside['tensors'];
export type Finding = z.output<typeof finding>;
