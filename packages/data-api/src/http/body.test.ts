import fc from "fast-check"
import { expect, test } from "vitest"
import { readText } from "./body.ts"

async function* inChunks(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

test("readText returns a body within the limit unchanged, even if chunks split its characters", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 7 }), async (text, size) => {
      const bytes = Buffer.from(text)
      const read = await readText(inChunks(bytes, size), bytes.length)
      expect(read).toEqual({ text: bytes.toString(), isTruncated: false })
    }),
  )
})

test("readText truncates a longer body at the limit and stops reading", async () => {
  let reads = 0
  let isClosed = false
  async function* endless() {
    try {
      for (;;) {
        reads++
        yield Buffer.from("abc")
      }
    } finally {
      isClosed = true
    }
  }
  expect(await readText(endless(), 7)).toEqual({ text: "abcabca", isTruncated: true })
  expect({ reads, isClosed }).toEqual({ reads: 3, isClosed: true })
})
