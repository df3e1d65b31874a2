import { readFile } from "node:fs/promises"
import { createSink, createTableSql, type Event } from "@singlesink/core"
import { createDataApi, type DataApi } from "@singlesink/data-api"
import { type Emulator, startEmulator } from "@singlesink/emulator"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

const page = await readFile(new URL("../../../docs/audiences.md", import.meta.url), "utf8")

/** The unchanged statements of the page, by heading. */
const statements = new Map(
  page.split(/^## /m).flatMap(section =>
    [...section.matchAll(/^```sql\n(.*?)^```$/gms)].map(([, sql = ""]): [string, string] => {
      const [heading = ""] = section.split("\n", 1)
      return [heading, sql]
    }),
  ),
)

const at = (hour: number) => `2026-03-01T${hour}:00:00.000Z`
const toIdentify = (messageId: string, userId: string, hour: number, traits?: object): Event => ({
  type: "identify",
  messageId,
  userId,
  timestamp: at(hour),
  ...(traits && { traits }),
})
const toMembership = (messageId: string, userId: string, hour: number, isMember: boolean): Event =>
  toIdentify(messageId, userId, hour, { order_completed_last_30days: isMember })

const events: Event[] = [
  // In, out, in again, a repeated in, then out and in at the same time. The computed trait arrives twice.
  toIdentify("a1", "u1", 10, { plan: "free", email: "one@example.com", orders: 1 }),
  toMembership("a2", "u1", 11, true),
  toMembership("a3", "u1", 12, false),
  toIdentify("a4", "u1", 13, { orders: 2 }),
  toMembership("a5", "u1", 14, true),
  toMembership("a6", "u1", 15, true),
  toMembership("a7", "u1", 16, false),
  toMembership("a8", "u1", 16, true),
  // In, then out.
  toIdentify("b1", "u2", 10, { plan: "free" }),
  toMembership("b2", "u2", 11, true),
  toMembership("b3", "u2", 12, false),
  toIdentify("b4", "u2", 13, { plan: "pro", city: "Bern" }),
  // At the same time: the greater messageId wins.
  toMembership("c1", "u3", 10, true),
  toMembership("c2", "u3", 10, false),
  toMembership("d1", "u4", 10, false),
  toMembership("d2", "u4", 10, true),
  // Newer identifies without traits, and a trait that is null.
  toIdentify("e1", "u5", 10, { plan: "team" }),
  toIdentify("e2", "u5", 11),
  toIdentify("e3", "u5", 12, {}),
  toIdentify("f1", "u6", 10, { plan: "solo", orders: 7 }),
  toIdentify("f2", "u6", 11, { plan: null }),
  // A member with a later identify about something else.
  toMembership("i1", "u7", 10, true),
  toIdentify("i2", "u7", 11, { city: "Basel" }),
  // Visitors: v1 is later identified as u5, v2 stays unknown, v3 has an empty userId.
  { ...toIdentify("g1", "", 13, { plan: "visitor" }), userId: undefined, anonymousId: "v1" },
  { type: "page", messageId: "g2", timestamp: at(14), userId: "u5", anonymousId: "v1" },
  { ...toIdentify("g3", "", 10, { order_completed_last_30days: true }), userId: null, anonymousId: "v2" },
  { ...toIdentify("g4", "", 10, { plan: "empty" }), anonymousId: "v3" },
  // Similar to identifies, but of other types.
  { ...toIdentify("h1", "u1", 20, { plan: "of the group" }), type: "group", groupId: "g" },
  {
    ...{ type: "track", event: "Order Completed", messageId: "h2", timestamp: at(20), userId: "u2" },
    context: { traits: { plan: "of the context", order_completed_last_30days: true } },
  },
]

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator({ databases: ["keyed", "plain"] })
})
afterAll(() => emulator.close())

// Each event arrives twice. The keyed table stores one row for it, the plain table two.
describe.each<[string, boolean, number]>([
  ["keyed", true, events.length],
  ["plain", false, 2 * events.length],
])("%s table", (database, deduplicate, rows) => {
  let api: DataApi
  beforeAll(async () => {
    api = createDataApi({ url: emulator.url, username: "root", password: "", database })
    await api.exec(createTableSql({ table: "segment_data", deduplicate }))
    const sink = createSink({ transport: api, table: "segment_data", deduplicate })
    // The newest event is first, so no query can rely on the order of arrival.
    await sink.writeBatch([...events].reverse())
    await sink.writeBatch(events)
    expect(sink.stats()).toMatchObject({ stored: 2 * events.length, rejected: 0, failed: 0 })
    expect(await api.query("SELECT COUNT(*) AS n FROM segment_data")).toEqual([{ n: rows }])
  })

  const ask = (heading: string) => {
    const sql = statements.get(heading)
    if (sql === undefined) throw new Error(`docs/audiences.md has no SQL under the heading "${heading}"`)
    return api.query(sql)
  }

  test("The newest identify of a user replaces all traits of older ones", async () => {
    expect(await ask("The traits of the newest identify")).toEqual([
      { userId: "u1", traits: { order_completed_last_30days: true } },
      { userId: "u2", traits: { plan: "pro", city: "Bern" } },
      { userId: "u3", traits: { order_completed_last_30days: false } },
      { userId: "u4", traits: { order_completed_last_30days: true } },
      { userId: "u5", traits: { plan: "team" } },
      { userId: "u6", traits: { plan: null } },
      { userId: "u7", traits: { city: "Basel" } },
    ])
  })

  test("Each single trait comes from the newest identify that contains it", async () => {
    expect(await ask("The current value of single traits")).toEqual([
      { userId: "u1", plan: "free", orders: "2" },
      { userId: "u2", plan: "pro", orders: null },
      { userId: "u5", plan: "team", orders: null },
      { userId: "u6", plan: "solo", orders: "7" },
    ])
  })

  test("The members of an audience are the users whose newest membership is true", async () => {
    expect(await ask("The current members of an audience")).toEqual([
      { userId: "u1", told_at: "2026-03-01 16:00:00.000000" },
      { userId: "u4", told_at: "2026-03-01 10:00:00.000000" },
      { userId: "u7", told_at: "2026-03-01 10:00:00.000000" },
    ])
  })

  test("The history of a user contains each change once", async () => {
    expect(await ask("The history of one user in an audience")).toEqual([
      { changed_at: "2026-03-01 11:00:00.000000", is_member: 1 },
      { changed_at: "2026-03-01 12:00:00.000000", is_member: 0 },
      { changed_at: "2026-03-01 14:00:00.000000", is_member: 1 },
      { changed_at: "2026-03-01 16:00:00.000000", is_member: 0 },
      { changed_at: "2026-03-01 16:00:00.000000", is_member: 1 },
    ])
  })

  test("A person is a user or an unidentified visitor", async () => {
    expect(await ask("Users who are only anonymous")).toEqual([
      { person: "u1", traits: { order_completed_last_30days: true } },
      { person: "u2", traits: { plan: "pro", city: "Bern" } },
      { person: "u3", traits: { order_completed_last_30days: false } },
      { person: "u4", traits: { order_completed_last_30days: true } },
      { person: "u5", traits: { plan: "visitor" } },
      { person: "u6", traits: { plan: null } },
      { person: "u7", traits: { city: "Basel" } },
      { person: "v2", traits: { order_completed_last_30days: true } },
      { person: "v3", traits: { plan: "empty" } },
    ])
  })
})

test("Each section of docs/audiences.md has one statement, and every statement is tested", () => {
  expect([...page.matchAll(/^```sql$/gm)]).toHaveLength(statements.size)
  expect([...statements.keys()]).toEqual([
    "The traits of the newest identify",
    "The current value of single traits",
    "The current members of an audience",
    "The history of one user in an audience",
    "Users who are only anonymous",
  ])
})
