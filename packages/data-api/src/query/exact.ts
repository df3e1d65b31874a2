import { isSafeNumber, parse } from "lossless-json"

/**
 * JSON.parse that loses no digits of whole numbers: those that a number cannot hold, over 2^53, become a bigint. For
 * `api.query(sql, args, { parse: parseExact })`.
 *
 * @throws SyntaxError where the text is not JSON
 */
export function parseExact(text: string): unknown {
  // As JSON.parse does with a key that comes twice: the later one counts.
  return parse(text, undefined, { parseNumber: toNumber, onDuplicateKey: ({ newValue }) => newValue })
}

function toNumber(digits: string): number | bigint {
  return /^-?\d+$/.test(digits) && !isSafeNumber(digits) ? BigInt(digits) : Number(digits)
}
