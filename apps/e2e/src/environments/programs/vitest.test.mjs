import { createSink, isSinkError } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import { expect, test } from "vitest"

test("The packages load in this runner, and an error is recognised", async () => {
  const transport = createDataApi({
    url: process.env.URL,
    username: "root",
    password: "wrong",
    database: "events",
  })
  const error = await createSink({ transport, retry: false })
    .write({ messageId: "m1", type: "track", timestamp: 1e12 })
    .catch(error => error)
  expect(isSinkError(error)).toBe(true)
  expect(error.code).toBe("access_denied")
})
