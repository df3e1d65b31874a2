/**
 * JSON without losing digits.
 *
 * @module @singlesink/data-api/exact
 */

import { isSafeNumber, parse } from "lossless-json"

/**
 * JSON.parse that loses no digits of integers: one over 2^53 becomes a bigint.
 *
 * @throws SyntaxError if the text is not JSON
 * @example
 * await api.query("SELECT id FROM orders", [], { parse: parseExact })
 */
export function parseExact(text: string): unknown {
  // As JSON.parse does with a key that comes twice: the later one counts.
  return parse(text, undefined, { parseNumber: toNumber, onDuplicateKey: ({ newValue }) => newValue })
}

function toNumber(digits: string): number | bigint {
  return /^-?\d+$/.test(digits) && !isSafeNumber(digits) ? BigInt(digits) : Number(digits)
}
