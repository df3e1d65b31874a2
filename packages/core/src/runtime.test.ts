import { expect, test } from "vitest"
import { findByteLength } from "./byte-length.ts"
import { findRuntime } from "./runtime.ts"

test("where there are no timers there is no sleep", () => {
  expect(findRuntime({}).sleep).toBeUndefined()
})

test("where there are timers sleep wakes, and what it returns calls that off", async () => {
  const { sleep, now, random } = findRuntime()
  if (sleep === undefined) throw new Error("this runtime has timers")
  const woken: string[] = []
  const cancel = sleep(0, () => woken.push("cancelled"))
  cancel()
  await new Promise<void>(resolve => sleep(1, resolve))
  expect(woken).toEqual([])
  expect(Math.abs(now() - Date.now())).toBeLessThan(1_000)
  expect(random()).toBeLessThan(1)
})

test.each([
  ["Buffer", { Buffer }],
  ["TextEncoder", { TextEncoder }],
  ["nothing", {}],
])("bytes are counted with %s", (_, globals) => {
  expect(findByteLength(globals)("aé李😀")).toBe(10)
})
