/** What some runtimes have and a bare isolate has not; declared here because core relies on no environment. */
interface Runtime {
  Buffer?: { byteLength(text: string): number }
  TextEncoder?: new () => { encode(text: string): { length: number } }
}

/** The UTF-8 bytes of a text that has no lone surrogates (JSON.stringify escapes them). */
export const byteLength: (text: string) => number = findByteLength(globalThis as Runtime)

export function findByteLength({ Buffer, TextEncoder }: Runtime): (text: string) => number {
  if (typeof Buffer?.byteLength === "function") return text => Buffer.byteLength(text)
  if (typeof TextEncoder === "function") {
    const encoder = new TextEncoder()
    return text => encoder.encode(text).length
  }
  return countBytes
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: it asks for ASCII, control characters included
const ascii = /^[\x00-\x7f]*$/

/** The same, counted in plain ECMAScript. */
export function countBytes(text: string): number {
  if (ascii.test(text)) return text.length
  let bytes = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    // A surrogate pair is four bytes: two for each of its halves.
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3
  }
  return bytes
}
