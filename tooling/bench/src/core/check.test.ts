import { expect, test } from "vitest"
import { createEvents } from "../events.ts"
import { checkSameWork } from "./check.ts"

test("The sink sends the values of the original for every event of the bench", async () => {
  await expect(checkSameWork(createEvents("0.8 KB", 200))).resolves.toBeUndefined()
  await expect(checkSameWork(createEvents("2 KB", 600))).resolves.toBeUndefined()
})

test("checkSameWork rejects if an event is not stored", async () => {
  const [event] = createEvents("0.8 KB", 1)
  await expect(checkSameWork([{ ...event, timestamp: "yesterday" }])).rejects.toThrow(
    "did not store every event",
  )
})

test("checkSameWork rejects if a value differs from the original", async () => {
  const [event] = createEvents("0.8 KB", 1)
  await expect(checkSameWork([{ ...event, userId: 7 }])).rejects.toThrow("does not send the values")
})
