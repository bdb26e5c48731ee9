/**
 * What an artifact is: the immutable set of files under a label, each one a blob.
 * Source of the rules: RFC 8785 (JSON Canonicalization Scheme); two sets with the same files are
 * one artifact, whatever order or sizes a source reports them with.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';

/** `sha256:` and 64 lower-case hex digits. */
export type ArtifactId = string;

/** 43 characters of canonical base64url: the 32 bytes that name a blob on Walrus. */
export type BlobId = string;

export interface ManifestFile {
  /** Relative, `/`-separated, unique in its manifest. */
  path: string;
  blobId: BlobId;
  /** Bytes, as the source states them; null where it does not. Never part of the artifact's identity. */
  size: number | null;
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
