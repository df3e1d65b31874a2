import { expect, test } from "vitest"
import { createEarlyAckWriter } from "./early-ack.ts"
import type { ChaosEvent } from "./events.ts"

/** A sink that performs one of the steps for each write. */
function createScript(...steps: ("store" | "fail" | "reject")[]) {
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

test("An accepted event is written to the sink at once, and again until it is stored", async () => {
  const sink = createScript("fail", "fail", "store")
  const writer = createEarlyAckWriter(sink, 1)
  writer.accept({ messageId: "a" })
  expect(sink.written).toEqual(["a"])
  await writer.idle()
  expect(sink.written).toEqual(["a", "a", "a"])
})

test("A rejected event is not written again, and a writer without events is idle", async () => {
  const sink = createScript("reject")
  const writer = createEarlyAckWriter(sink, 1)
  await writer.idle()
  writer.accept({ messageId: "a" })
  await writer.idle()
  expect(sink.written).toEqual(["a"])
})
