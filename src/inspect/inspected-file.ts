/** What is looked into, and under which name: the name's ending says what it claims to be. */
export interface InspectedFile {
  /** Path on this machine. It may hold only the beginning. */
  file: string;
  /** As the artifact names it. */
  name: string;
  /** Whole length in bytes. */
  size: number;
  signal: AbortSignal;
}
