/** Work on the index that goes on in steps, each in a transaction of its own. */
export interface Work {
  /**
   * Goes on until `deadline`, in the transaction that is open.
   * @returns takes over in memory what was done: called once it is committed
   */
  step(deadline: number): () => void;
}
