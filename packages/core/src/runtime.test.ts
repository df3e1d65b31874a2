import { expect, test } from "vitest"
import { findByteLength } from "./byte-length.ts"
import { findRuntime } from "./runtime.ts"

test("A runtime without timers has no sleep", () => {
  expect(findRuntime({}).sleep).toBeUndefined()
})

test("Durations are measured by the monotonic clock if the runtime has one", () => {
  expect(findRuntime({ performance: { now: () => 5 } }).now()).toBe(5)
  const before = Date.now()
  expect(findRuntime({}).now()).toBeGreaterThanOrEqual(before)
})

test("With timers sleep wakes the caller, and the function that it returns cancels it", async () => {
  const { sleep, random } = findRuntime()
  if (sleep === undefined) throw new Error("this runtime has timers")
  const woken: string[] = []
  const cancel = sleep(0, () => woken.push("cancelled"))
  cancel()
  await new Promise<void>(resolve => sleep(1, resolve))
  expect(woken).toEqual([])
  expect(random()).toBeLessThan(1)
})

test.each([
  ["Buffer", { Buffer }],
  ["TextEncoder", { TextEncoder }],
  ["neither Buffer nor TextEncoder", {}],
])("Bytes are counted in a runtime with %s", (_, globals) => {
  expect(findByteLength(globals)("aé李😀")).toBe(10)
})
