import { createTableSql, defaultColumns } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import { type Emulator, startEmulator } from "@singlesink/emulator"
import fc from "fast-check"
import { afterAll, beforeAll, expect, test } from "vitest"
import { quoteString } from "../literal.ts"
import { toEventQuery } from "./event-view.ts"
import { inferProperties, type Property } from "./infer.ts"
import { readEvents, readValues } from "./sample.ts"
import { toSource, toViewStatements } from "./source.ts"

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
  await emulator.exec(createTableSql({ table: "events" }))
})
afterAll(() => emulator.close())

const source = toSource({ table: "events", columns: defaultColumns })
const range = { since: undefined, rows: 1_000 }

const oddKeys = [
  ...["", " ", "a`b", "it's", 'a"b', "a.b", "a\\", "a\nb", "?", "-- a", "*/", "/0", "~1", "0", "$", "%"],
  ...["Plan", "plan", "PLAN", "plân", "messageId", "TIMESTAMP", "constructor", "a\0b", "🎉", "x".repeat(300)],
]
const key = fc.oneof(fc.constantFrom(...oddKeys), fc.string({ unit: "grapheme" }))
const scalar = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
)
const value = fc.oneof(scalar, fc.array(scalar), fc.dictionary(fc.string({ unit: "grapheme" }), scalar))

test("For all events and properties each view is accepted, and its columns return what was written", async () => {
  let count = 0
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: "grapheme", minLength: 1 }),
      fc.array(fc.dictionary(key, value), { minLength: 1, maxLength: 4 }),
      async (event, written) => {
        await emulator.exec("DELETE FROM events")
        for (const [index, properties] of written.entries()) {
          await emulator.exec(
            "INSERT INTO events (messageId, `timestamp`, type, event, properties) VALUES (?, ?, 'track', ?, ?)",
            [String(index), "2026-01-01 00:00:00.000000", event, properties],
          )
        }
        const view = `view_${++count}`
        const { properties, aliases } = await createView(view, event)
        const api = openApi()
        const rows = await api.query(`SELECT * FROM ${view} ORDER BY messageId`)
        expect(rows).toHaveLength(written.length)
        for (const property of properties) {
          // Its key cannot be in a statement.
          if (property.key.includes("\0")) continue
          const alias = aliases.get(property.key) ?? ""
          for (const [index, row] of rows.entries()) {
            const properties = written[index] ?? {}
            const found = Object.hasOwn(properties, property.key) ? properties[property.key] : null
            expectColumn(row[alias], found, property)
          }
        }
      },
    ),
    { numRuns: 60 },
  )
}, 60_000)

const openApi = () => createDataApi({ url: emulator.url, username: "root", password: "", database: "events" })

/** Creates the view as the command does. Returns the name of the column of each key. */
async function createView(view: string, event: string) {
  const api = openApi()
  const events = await readEvents(api, source, range)
  expect(events.map(found => found.event)).toEqual([event])
  const texts = [
    ["type", "track"],
    ["event", event],
  ] as const
  const properties = inferProperties(await readValues(api, source, "properties", texts, range))
  const { sql } = toEventQuery(source, event, properties)
  for (const statement of toViewStatements(view, sql)) await api.exec(statement)
  const aliases = new Map(
    properties.map(each => {
      const start = sql.indexOf(`(\`properties\`, ${quoteString(each.key)}) AS \``)
      const alias =
        start === -1
          ? undefined
          : /\) AS `([^`]+)`/.exec(sql.slice(start + 15 + quoteString(each.key).length))
      return [each.key, alias?.[1] ?? ""]
    }),
  )
  return { properties, aliases }
}

/** Compares a cell of a view with the value that was written. */
function expectColumn(cell: unknown, written: unknown, { type }: Property) {
  // A number in JSON is a double.
  if (written === null) return expect(cell).toBe(null)
  if (type === "json") return expect(cell).toEqual(JSON.parse(JSON.stringify(written)))
  if (type === "boolean") return expect(cell).toBe(Number(written))
  if (type === "bigint" || type === "double") return expect(Number(cell)).toBe(Number(written) + 0)
  if (typeof written === "number") return expect(Number(cell)).toBe(written + 0)
  return expect(cell).toBe(String(written))
}

test("A property with more than 400 keys has columns for the most frequent ones, and a note", () => {
  const often = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`often${index}`, 1]))
  const properties = inferProperties([{ ...often, rare: 1 }, often])
  const { sql, notes } = toEventQuery(source, "e", properties)
  expect(sql).not.toContain("rare")
  expect(sql).toContain("`often399`")
  expect(notes).toEqual(["1 rarer properties have no column."])
})

test("A key with U+0000 has no column, and a note", () => {
  const { sql, notes } = toEventQuery(source, "e", inferProperties([{ "a\0b": 1 }]))
  expect(sql).not.toContain("JSON_EXTRACT")
  expect(notes).toEqual(['The property "a\\u0000b" has no column: its key contains U+0000.'])
})
