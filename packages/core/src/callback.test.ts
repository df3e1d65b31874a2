import { expect, test } from "vitest"
import { runCallback } from "./callback.ts"

const fail = () => {
  throw new Error("no")
}
const rejected = (_: unknown, reject: (error: Error) => void) => reject(new Error("no"))
/** The key is not a literal, because linters forbid objects with `then`. */
const key: string = "then"

test.each<[string, () => unknown]>([
  ["throws", fail],
  ["rejects", async () => fail()],
  ["returns a thenable that rejects", () => ({ [key]: rejected })],
  [
    "returns an object with an unreadable `then`",
    () => ({
      get [key]() {
        return fail()
      },
    }),
  ],
])("A callback that %s has no effect", async (_, callback) => {
  const rejections: unknown[] = []
  const note = (reason: unknown) => void rejections.push(reason)
  process.on("unhandledRejection", note)
  let calls = 0
  runCallback(() => {
    calls++
    return callback()
  })
  await new Promise(resolve => setImmediate(resolve))
  process.off("unhandledRejection", note)
  expect([calls, rejections]).toEqual([1, []])
})
