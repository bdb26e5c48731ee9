/**
 * Numbers for keys of 128 bits: the first key is 0, each new one the next. Open addressing in typed
 * arrays: 24 to 48 bytes a key, and no string or object, so that a million inputs fit easily.
 */
const WORDS = 4;

export class KeyIndex {
  /** A key's number + 1; 0: free. */
  #slots = new Int32Array(1024);
  #keys = new Uint32Array(512 * WORDS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The key's number. @param key at least 16 bytes; the first 16 count */
  numberOf(key: Buffer): number {
    const a = key.readUInt32BE(0);
    const b = key.readUInt32BE(4);
    const c = key.readUInt32BE(8);
    const d = key.readUInt32BE(12);
    let slot = this.#slotOf(a, b);
    for (let entry = this.#slots[slot]!; entry !== 0; entry = this.#slots[slot]!) {
      const at = (entry - 1) * WORDS;
      const keys = this.#keys;
      if (keys[at] === a && keys[at + 1] === b && keys[at + 2] === c && keys[at + 3] === d) {
        return entry - 1;
      }
      slot = (slot + 1) & (this.#slots.length - 1);
    }
    const number = this.#size++;
    this.#slots[slot] = this.#size;
    if (this.#keys.length < this.#size * WORDS) this.#growKeys();
    this.#keys.set([a, b, c, d], number * WORDS);
    if (this.#size * 2 > this.#slots.length) this.#growSlots();
    return number;
  }

  /** The numbers, in the order of their keys: the same keys give the same order however they came. */
  inOrder(): Uint32Array {
    const [size, keys] = [this.#size, this.#keys];
    const order = byFirstWord(size, keys);
    for (let from = 0, to = 1; from < size; from = to++) {
      const word = keys[order[from]! * WORDS];
      while (to < size && keys[order[to]! * WORDS] === word) to++;
      if (to - from > 1) order.subarray(from, to).sort((i, j) => this.#compare(i, j));
    }
    return order;
  }

  /** It is of no use afterwards. */
  release(): void {
    this.#slots.buffer.transfer(0);
    this.#keys.buffer.transfer(0);
  }

  #compare(i: number, j: number): number {
    for (let word = 0; word < WORDS; word++) {
      const difference = this.#keys[i * WORDS + word]! - this.#keys[j * WORDS + word]!;
      if (difference !== 0) return difference;
    }
    return 0;
  }

  /** Keys are hashes; the multiplication is for those that were made by hand. */
  #slotOf(a: number, b: number): number {
    const mixed = Math.imul(a ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b);
    return (mixed ^ (mixed >>> 15)) & (this.#slots.length - 1);
  }

  #growKeys(): void {
    this.#keys = new Uint32Array(this.#keys.buffer.transfer(this.#keys.byteLength * 2));
  }

  #growSlots(): void {
    const { length } = this.#slots;
    this.#slots.buffer.transfer(0);
    this.#slots = new Int32Array(length * 2);
    for (let number = 0; number < this.#size; number++) {
      const at = number * WORDS;
      let slot = this.#slotOf(this.#keys[at]!, this.#keys[at + 1]!);
      while (this.#slots[slot] !== 0) slot = (slot + 1) & (this.#slots.length - 1);
      this.#slots[slot] = number + 1;
    }
  }
}

/** By the upper and the lower 16 bits of the first word, the lower ones first: a radix sort. */
function byFirstWord(size: number, keys: Uint32Array): Uint32Array {
  let order = new Uint32Array(size);
  for (let number = 0; number < size; number++) order[number] = number;
  for (const shift of [0, 16]) {
    const digitOf = (number: number) => (keys[number * WORDS]! >>> shift) & 0xffff;
    const next = new Uint32Array(0x10001);
    for (let i = 0; i < size; i++) next[digitOf(i) + 1]!++;
    for (let digit = 0; digit < 0x10000; digit++) next[digit + 1]! += next[digit]!;
    const sorted = new Uint32Array(size);
    for (const number of order) sorted[next[digitOf(number)]!++] = number;
    order = sorted;
  }
  return order;
}
