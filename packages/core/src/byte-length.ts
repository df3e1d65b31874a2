/** Globals that a bare isolate does not have. They are declared here, because core relies on no environment. */
interface Runtime {
  Buffer?: { byteLength(text: string): number }
  TextEncoder?: new () => { encode(text: string): { length: number } }
}

/** The length in UTF-8 bytes of a string without lone surrogates (JSON.stringify escapes them). */
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

/** The same in plain ECMAScript. The expression skips ASCII, which most of any event is. */
export function countBytes(text: string): number {
  let bytes = text.length
  beyondAscii.lastIndex = 0
  while (beyondAscii.test(text)) {
    // Walks back over the run, because only its end is known.
    for (let i = beyondAscii.lastIndex - 1; i >= 0; i--) {
      const unit = text.charCodeAt(i)
      if (unit < 0x80) break
      // A surrogate pair is four bytes: two for each of its halves.
      bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2
    }
  }
  return bytes
}
