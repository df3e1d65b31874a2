import fc from "fast-check"
import { expect, test } from "vitest"
import { readText } from "./body.ts"

async function* inPieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

test("a text within the limit comes whole, wherever its characters are cut into pieces", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 7 }), async (text, size) => {
      const bytes = Buffer.from(text)
      const read = await readText(inPieces(bytes, size), bytes.length)
      expect(read).toEqual({ text: bytes.toString(), isTruncated: false })
    }),
  )
})

test("a longer one is cut at the limit, and the rest is never asked for", async () => {
  let asked = 0
  let left = false
  async function* endless() {
    try {
      for (;;) {
        asked++
        yield Buffer.from("abc")
      }
    } finally {
      left = true
    }
  }
  expect(await readText(endless(), 7)).toEqual({ text: "abcabca", isTruncated: true })
  expect({ asked, left }).toEqual({ asked: 3, left: true })
})
