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

const beyondAscii = /[\u0080-\uffff]+/g

/** The same, counted in plain ECMAScript: the expression skips what is ASCII, which is most of any event. */
export function countBytes(text: string): number {
  let bytes = text.length
  beyondAscii.lastIndex = 0
  while (beyondAscii.test(text)) {
    // Back over the run, of which only the end is known.
    for (let i = beyondAscii.lastIndex - 1; i >= 0; i--) {
      const unit = text.charCodeAt(i)
      if (unit < 0x80) break
      // A surrogate pair is four bytes: two for each of its halves.
      bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2
    }
  }
  return bytes
}
