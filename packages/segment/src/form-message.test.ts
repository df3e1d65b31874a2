import { ConfigError, DeliveryError, EventError, type SinkError } from "@singlesink/core"
import { failures } from "@singlesink/data-api"
import { expect, test } from "vitest"
import { phrases, toFormMessage } from "./form-message.ts"
import type { Settings } from "./index.ts"
import { readMessages } from "./testing/messages.ts"
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
  ["a username with a colon", { username: "a:b" }, {}, "Username must be without a colon"],
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

/** Words of programmers, for options and functions that Segment's form does not have. */
const foreign =
  /`|\b(url|token|sink|sink's|undici\w*|platform's fetch|toJSON|the columns|limits\.\w+|tls\.\w+|a Date,)(?!\w)|http:\/\//i

const constructors = { ConfigError, DeliveryError, EventError }

test("No message about a failed request names an option that Segment's form does not have", () => {
  for (const { error, code, message } of failures) {
    const Constructor = constructors[error] as new (details: object) => SinkError
    expect(toFormMessage(new Constructor({ code, message }))).not.toMatch(foreign)
  }
})

/** What the destination does not use, so that its messages cannot reach the form, or what other tests here cover. */
const elsewhere = [
  // Options of other users: schemas, tokens, runtimes, other transports and HTTP clients.
  ...["core/src/event/contract.ts", "core/src/validation/", "core/src/send/insert-result.ts"],
  ...["data-api/src/http/token-function.ts", "data-api/src/query/", "data-api/src/undici/"],
  // The destination does not close its sinks, and has no signal and no runtime.
  "core/src/sink.ts",
  // The arguments of its statements are strings.
  "data-api/src/data-api.ts",
  // Its settings are checked by the first test on this page.
  ...["data-api/src/http/address.ts", "data-api/src/http/credentials.ts"],
]

test("No other message of core and data-api names an option that Segment's form does not have", () => {
  const messages = readMessages().filter(({ file }) => !elsewhere.some(path => file.startsWith(path)))
  expect(messages.length).toBeGreaterThan(50)
  for (const { file, text } of messages) {
    expect(toFormMessage(new ConfigError({ code: "sql_error", message: text })), file).not.toMatch(foreign)
  }
})

test.each(elsewhere)("There are messages in %s", path => {
  expect(readMessages().some(({ file }) => file.startsWith(path))).toBe(true)
})

test.each(phrases)("A message of core or data-api contains the phrase: %s", phrase => {
  expect(readMessages().some(({ text }) => text.includes(phrase))).toBe(true)
})
