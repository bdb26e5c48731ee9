/** How much of a request is taken: bytes alone don't bound it, as two of them can make an event. */

/** Values in a value. Also keeps JSON within what a body may nest, whichever kinds are nested. */
export const MAX_VALUE_DEPTH = 32;

/**
 * Of a span, an event, a resource or a scope; SDKs stop at 128. A span with more is rejected, not
 * cut: half a conversation in flattened keys would pass for the whole.
 */
export const MAX_ATTRIBUTES = 5_000;

/** Of a span; SDKs stop at 128. */
export const MAX_EVENTS = 5_000;

/** Resources, scopes, spans, events and values of one request: each some 200 bytes once it is decoded. */
export const MAX_PARTS = 1_000_000;

/**
 * Brackets and commas of a JSON body, outside of texts: no request within the limit above has more.
 * `JSON.parse` makes about 32 bytes of each.
 */
export const MAX_JSON_MARKS = 8 * MAX_PARTS;

/** Of a request's rejected spans, those that the answer tells about. */
export const MAX_MESSAGES = 5;

/** The first time that is stored is 1 ns after 1970 began (0 is a time never set), the last in 2262. */
export const LAST_TIME = 2n ** 63n - 1n;
