import { ConfigError, DeliveryError, EventError, type SinkError } from "@singlesink/core"
import { failures } from "@singlesink/data-api"
import { expect, test } from "vitest"
import { toFormMessage } from "./form-message.ts"
import type { Settings } from "./index.ts"
import { sendEvent } from "./testing/send.ts"

const settings: Settings = { host: "127.0.0.1", port: 1, username: "u", password: "p", dbName: "events" }
const event = { messageId: "m1", timestamp: "2026-11-22T06:13:12.535Z", type: "page" }

test.each<[string, object, object, string]>([
  [
    "a host with a scheme",
    { host: "https://db.example.com" },
    {},
    "Host must be a host name without scheme and port",
  ],
  ["a host with a port", { host: "db.example.com:443" }, {}, "Host must be a host name"],
  ["an empty host", { host: " " }, {}, "Host must be a host name"],
  ["a port in words", { port: "https" }, {}, "Port must be an integer from 1 to 65535"],
  ["a hexadecimal port", { port: "0x1bb" }, {}, "Port must be"],
  ["a port with an exponent", { port: "1e4" }, {}, "Port must be"],
  ["a port of zero", { port: 0 }, {}, "Port must be"],
  ["an empty username", { username: "" }, {}, "Username is required"],
  ["no password", { password: undefined }, {}, "Password is required"],
  ["an empty database name", { dbName: " " }, {}, "The database name must be a non-empty string"],
  [
    "a long table name",
    { tableName: "t".repeat(257) },
    {},
    "The table name must be a string of 1 to 256 characters",
  ],
  ["a long table name in the mapping", {}, { table: "t".repeat(257) }, "The table name must be"],
])(
  "An event to %s is refused with status 400 and the words of the form",
  async (_, change, mapping, message) => {
    for (const protocol of ["http", "https"] as const) {
      const single = sendEvent({ ...settings, ...change }, event, { mapping, protocol })
      await expect(single).rejects.toMatchObject({ status: 400, code: "INVALID_OPTIONS" })
      await expect(single).rejects.toThrow(message)
      await expect(single).rejects.not.toThrow(/create\w+|`/)
    }
  },
)

test("No message names an option that Segment's form does not have", () => {
  const constructors = { ConfigError, DeliveryError, EventError }
  for (const { error, code, message } of failures) {
    const text = toFormMessage(
      new (constructors[error] as new (details: object) => SinkError)({ code, message }),
    )
    expect(text).not.toMatch(/`|\burl\b|limits\.|undici|\bthe columns\b|http:\/\//)
  }
})
