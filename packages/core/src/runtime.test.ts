import { expect, test } from "vitest"
import { findByteLength } from "./byte-length.ts"
import { findRuntime } from "./runtime.ts"

test("A runtime without timers has no sleep", () => {
  expect(findRuntime({}).sleep).toBeUndefined()
})

test("With timers sleep wakes the caller, and the function that it returns cancels it", async () => {
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
  ["neither Buffer nor TextEncoder", {}],
])("Bytes are counted in a runtime with %s", (_, globals) => {
  expect(findByteLength(globals)("aé李😀")).toBe(10)
})
