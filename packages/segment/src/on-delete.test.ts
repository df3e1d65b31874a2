import { Destination, type SegmentEvent } from "@segment/actions-core"
import { createTableSql } from "@singlesink/core"
import { type Emulator, startEmulator } from "@singlesink/emulator"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { createDestination, type Settings } from "./index.ts"
import { sendBatch } from "./testing/send.ts"
import { startServer } from "./testing/server.ts"

let emulator: Emulator
let settings: Settings
beforeAll(async () => {
  emulator = await startEmulator()
  settings = { host: emulator.host, port: emulator.port, username: "root", password: "", dbName: "events" }
})
afterAll(() => emulator.close())

let tables = 0
async function store(...ids: object[]): Promise<Settings> {
  const tableName = `t${++tables}`
  await emulator.exec(createTableSql({ table: tableName }))
  const events = ids.map((id, index) => ({
    messageId: `m${index + 1}`,
    timestamp: "2026-11-22T06:13:12.535Z",
    type: "page",
    ...id,
  }))
  await sendBatch({ ...settings, tableName }, events)
  return { ...settings, tableName }
}

async function remove(ids: object, settings: Settings): Promise<void> {
  const hosted = new Destination(createDestination({ protocol: "http", allowUserDeletion: true }))
  await hosted.onDelete?.({ type: "delete", ...ids } as unknown as SegmentEvent, settings as never)
}

async function idsIn({ tableName }: Settings): Promise<unknown[]> {
  const rows = await emulator.query<{ messageId: string }>(
    `SELECT messageId FROM ${tableName} ORDER BY messageId`,
  )
  return rows.map(({ messageId }) => messageId)
}

describe("onDelete", () => {
  test("onDelete deletes the rows of a user by either id, and no other rows", async () => {
    const settings = await store(
      { userId: "u1" },
      { userId: "u2", anonymousId: "a1" },
      { userId: "u3", anonymousId: "a3" },
    )
    await remove({ userId: "u1", anonymousId: "a1" }, settings)
    expect(await idsIn(settings)).toEqual(["m3"])
    await remove({ userId: "", anonymousId: null }, settings)
    expect(await idsIn(settings)).toEqual(["m3"])
  })

  test.each([
    ["userId", 42],
    ["userId", 0],
    ["userId", 1.5],
    ["anonymousId", 900_719_925_474_099],
    ["anonymousId", false],
  ])("onDelete deletes the rows whose %s came as the value %j", async (name, id) => {
    const settings = await store({ [name]: id }, { [name]: String(id) }, { [name]: "other" })
    await remove({ [name]: id }, settings)
    expect(await idsIn(settings)).toEqual(["m3"])
  })

  test("onDelete keeps the rows of a user whose id differs in case", async () => {
    const settings = await store({ userId: "Ab" }, { userId: "aB" })
    await remove({ userId: "aB" }, settings)
    expect(await idsIn(settings)).toEqual(["m1"])
  })

  test.each([["utf8mb4_general_ci"], [undefined]])(
    "onDelete compares the bytes of ids in a column with the collation %s",
    async collation => {
      const statements: object[] = []
      const server = await startServer(({ sql, args }, response) => {
        if (sql.startsWith("DELETE")) statements.push({ sql, args })
        const rows = collation === undefined ? [] : [{ collation }]
        response.end(JSON.stringify({ rowsAffected: 1, results: [{ rows }] }))
      })
      await remove({ userId: "aB" }, server.settings)
      server.close()
      expect(statements).toEqual([
        {
          sql: "DELETE FROM `segment_data` WHERE userId = ? AND HEX(userId) = HEX(?)",
          args: ["aB", "aB"],
        },
      ])
    },
  )

  test("A destination has no onDelete by default", () => {
    expect(createDestination().onDelete).toBeUndefined()
  })
})
