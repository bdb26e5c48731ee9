/** Move types as text. One type has many spellings (`0x2::…`, `0x000…2::…`, spaces): here they become one. */

const PRIMITIVES = ['bool', 'u8', 'u16', 'u32', 'u64', 'u128', 'u256', 'address', 'signer'];
const LONGEST = 1000;
/** As deep as Sui lets types nest. */
const DEEPEST = 16;

/** `0x` and 64 lower-case hex digits; null where the text is no address. */
export function moveAddress(text: string): string | null {
  const [, digits] = /^0x([0-9a-fA-F]{1,64})$/.exec(text) ?? [];
  return digits === undefined ? null : `0x${digits.toLowerCase().padStart(64, '0')}`;
}

/** The one spelling of a Move type: whole addresses in lower case, no spaces. Null where the text is no type. */
export function moveType(text: string): string | null {
  if (text.length > LONGEST) return null;
  // Two words with a space between them are no one word.
  if (/\w\s+\w/.test(text)) return null;
  const tokens = text.match(/::|[<>,]|\w+|\S/g) ?? [];
  const parser = new Parser(tokens);
  const type = parser.type(0);
  return parser.atEnd ? type : null;
}

/** The same for a struct's type, which is what objects have. */
export function moveStruct(text: string): string | null {
  const type = moveType(text);
  return type?.startsWith('0x') ? type : null;
}

class Parser {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  get atEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  type(depth: number): string | null {
    if (depth > DEEPEST) return null;
    const word = this.#next();
    if (PRIMITIVES.includes(word)) return word;
    if (word !== 'vector') return this.#struct(word, depth);
    const inner = this.#arguments(depth);
    return inner?.length === 1 ? `vector<${inner[0]}>` : null;
  }

  #struct(word: string, depth: number): string | null {
    const address = moveAddress(word);
    const [module, name] = [this.#part(), this.#part()];
    if (address === null || module === null || name === null) return null;
    const path = `${address}::${module}::${name}`;
    if (this.#tokens[this.#at] !== '<') return path;
    const inner = this.#arguments(depth);
    return inner && `${path}<${inner.join(',')}>`;
  }

  /** `::` and an identifier. */
  #part(): string | null {
    const separator = this.#next();
    const word = this.#next();
    return separator === '::' && /^[A-Za-z_]\w*$/.test(word) ? word : null;
  }

  #arguments(depth: number): string[] | null {
    const types: string[] = [];
    if (this.#next() !== '<') return null;
    for (;;) {
      const type = this.type(depth + 1);
      if (type === null) return null;
      types.push(type);
      const after = this.#next();
      if (after === '>') return types;
      if (after !== ',') return null;
    }
  }

  #next(): string {
    return this.#tokens[this.#at++] ?? '';
  }
}
