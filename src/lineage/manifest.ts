/**
 * An artifact: the immutable set of files under a label, each one a blob. Two sets with the same
 * files are one artifact, whatever the order or sizes they are reported with (RFC 8785).
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';

/** `sha256:` and 64 lower-case hex digits. */
export type ArtifactId = string;
/** What is under a label at an instant: an artifact, or null for "absent". */
export type Under = ArtifactId | null;
/** 43 characters of canonical base64url: the 32 bytes that name a blob on Walrus. */
export type BlobId = string;

export interface ManifestFile {
  path: string; // relative, `/`-separated, unique in its manifest
  blobId: BlobId;
  size: number | null; // bytes, as the source states them; never part of the artifact's identity
}

/** Files in the canonical order: by path, in UTF-16 code units. */
export function inOrder(files: readonly ManifestFile[]): ManifestFile[] {
  return [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** The identity of a set of files: SHA-256 of the RFC 8785 form of `{files: [{blobId, path}, …]}`. */
export function artifactIdOf(files: readonly ManifestFile[]): ArtifactId {
  const manifest = { files: inOrder(files).map(({ blobId, path }) => ({ blobId, path })) };
  return `sha256:${bytesToHex(sha256(utf8ToBytes(canonicalize(manifest) as string)))}`;
}
