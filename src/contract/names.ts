/** Names on the wire: labels, artifacts, blobs. */
import { z } from 'zod';
import { BLOB_ID_PATTERN, blobIdProblem } from '../walrus/blob-id.ts';

export const labelName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._\-/@:]{0,199}$/,
    'a label is 1–200 of A-Z a-z 0-9 . _ - / @ : and begins with a letter or digit',
  )
  .meta({ description: 'The label, percent-encoded where it stands in a path' });

export const artifactId = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, "expected 'sha256:' and 64 lower-case hex digits")
  .meta({ description: '`sha256:` and the hex SHA-256 of the canonical manifest' });

export const blobId = z
  .string()
  .superRefine((text, context) => {
    const message = blobIdProblem(text);
    if (message) context.addIssue({ code: 'custom', message });
  })
  .meta({ pattern: BLOB_ID_PATTERN.source, description: 'A Walrus Blob ID, canonical form' });
