import { expect, test } from "vitest"
import type { ChaosEvent } from "./events.ts"
import { createLiar } from "./liar.ts"

/** A sink that does with each event what comes next. */
function createScript(...steps: ("store" | "fail" | "refuse")[]) {
  const written: unknown[] = []
  return {
    written,
    async write(event: object) {
      written.push((event as ChaosEvent).messageId)
      const step = steps.shift()
      if (step !== "store")
        throw Object.assign(new Error("No."), { name: step === "fail" ? "DeliveryError" : "EventError" })
    },
  }
}

test("an event is with the sink at once, and again until it is stored", async () => {
  const sink = createScript("fail", "fail", "store")
  const liar = createLiar(sink, 1)
  liar.take({ messageId: "a" })
  expect(sink.written).toEqual(["a"])
  await liar.untilTrue()
  expect(sink.written).toEqual(["a", "a", "a"])
})

test("a refused event is not tried again, and nothing taken is nothing to wait for", async () => {
  const sink = createScript("refuse")
  const liar = createLiar(sink, 1)
  await liar.untilTrue()
  liar.take({ messageId: "a" })
  await liar.untilTrue()
  expect(sink.written).toEqual(["a"])
})
