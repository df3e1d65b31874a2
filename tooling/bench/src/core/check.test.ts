import { expect, test } from "vitest"
import { createEvents } from "../events.ts"
import { checkSameWork } from "./check.ts"

test("the sink sends the values that the peer sends, of every event of the bench", async () => {
  await expect(checkSameWork(createEvents("0.8 KB", 200))).resolves.toBeUndefined()
  await expect(checkSameWork(createEvents("2 KB", 600))).resolves.toBeUndefined()
})

test("events that are not stored would be a race won by not running", async () => {
  const [event] = createEvents("0.8 KB", 1)
  await expect(checkSameWork([{ ...event, timestamp: "yesterday" }])).rejects.toThrow(
    "did not store every event",
  )
})

test("values that differ from the peer's are found", async () => {
  const [event] = createEvents("0.8 KB", 1)
  await expect(checkSameWork([{ ...event, userId: 7 }])).rejects.toThrow("does not send the values")
})
