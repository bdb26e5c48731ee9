/**
 * How much of a file is looked at. What goes past a limit is `too-much` as a whole: an inspection
 * that silently left things out would compare as equal to what it isn't equal to.
 */

/** What the safetensors format itself allows. */
export const FORMAT_HEADER_BYTES = 100_000_000;

/** A header takes about 100 bytes a tensor; the rest is room for what trainers put into metadata. */
export const MAX_HEADER_BYTES = 8 * 2 ** 20;

/** The largest models have about 90,000 tensors over more than 100 files; one file has a few thousand. */
export const MAX_TENSORS = 50_000;

/** Inputs or outputs of a graph: models with a cache of keys and values have some hundred. */
export const MAX_VALUES = 10_000;

/** Entries of metadata. */
export const MAX_METADATA = 10_000;

/** Kinds of operators, and domains of operators: ONNX itself has about 200 operators. */
export const MAX_KINDS = 10_000;

/** Large language models unrolled to single operators have some 10,000. */
export const MAX_NODES = 500_000;

/** Names are dotted paths of modules, rarely of 200 bytes. */
export const MAX_NAME_BYTES = 1024;

/** All names and texts kept of one ONNX file, so that many long ones are no way around the above. */
export const MAX_TEXT_BYTES = 8 * 2 ** 20;

/** Fields that the data of one tensor stands in: one, but for a tensor of texts, with one for each. */
export const MAX_STRINGS = 1_000_000;

/** What the array libraries stop at. */
export const MAX_RANK = 64;

/** Messages in messages: what protobuf's own parsers stop at. A subgraph in a subgraph takes 3. */
export const MAX_DEPTH = 100;

/** A file that is right takes well under a second, but on a busy machine or from a slow disk. */
export const TIME_LIMIT_MS = 20_000;

/** For what is kept, within all limits above, several times over. Buffers come on top: 64 KiB and a header. */
export const MEMORY_LIMIT_MB = 192;
