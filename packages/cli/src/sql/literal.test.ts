import { startEmulator } from "@singlesink/emulator"
import fc from "fast-check"
import { expect, test } from "vitest"
import { quoteString } from "./literal.ts"
import { quoteText } from "./quote-text.ts"

test("The database reads every quoted string as the string itself", async () => {
  await using emulator = await startEmulator()
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary" }), async text => {
      expect(await emulator.query(`SELECT ${quoteString(text)} AS found`)).toEqual([{ found: text }])
    }),
  )
})

test("Text in a message has no control character and no line break, and is not long", () => {
  expect(quoteText('a\n"b"\u0085\u2028')).toBe('"a\\n\\"b\\"\\u0085\\u2028"')
  expect(quoteText("x".repeat(100))).toBe(`"${"x".repeat(60)}…"`)
})
