import { Destination, type SegmentEvent } from "@segment/actions-core"
import { createTableSql } from "@singlesink/core"
import { type Emulator, startEmulator } from "@singlesink/emulator"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { createDestination, type Settings } from "./index.ts"
import { sendBatch } from "./testing/send.ts"
import { type Answer, withServer } from "./testing/server.ts"

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

  test.each([[["u1"]], [{ id: "u1" }]])(
    "onDelete fails with status 400 if an id is %j, and deletes nothing",
    async id => {
      const settings = await store({ userId: "u1", anonymousId: "a1" })
      await expect(remove({ userId: "u1", anonymousId: id }, settings)).rejects.toMatchObject({ status: 400 })
      expect(await idsIn(settings)).toEqual(["m1"])
    },
  )

  test("onDelete keeps the rows of users whose id differs in case or in a space at its end", async () => {
    const settings = await store({ userId: "Ab" }, { userId: "aB" }, { userId: "aB " })
    await remove({ userId: "aB" }, settings)
    expect(await idsIn(settings)).toEqual(["m1", "m3"])
  })

  test.each<[string, string, unknown[] | undefined]>([
    ["HEX", "ignores case", [{ collation: "utf8mb4_general_ci" }]],
    ["HEX", "is not known", []],
    ["HEX", "the user may not look at", undefined],
    ["LENGTH", "compares bytes", [{ collation: "utf8mb4_bin" }]],
  ])("onDelete also compares the %s of ids in a column whose collation %s", async (measure, _, rows) => {
    const statements: object[] = []
    const answer: Answer = ({ sql, args }, response) => {
      if (sql.startsWith("DELETE")) statements.push({ sql, args })
      else if (rows === undefined) {
        response.writeHead(400).end("Error 1142 (42000): SELECT command denied to user 'sink'@'%'")
        return
      }
      response.end(JSON.stringify({ rowsAffected: 1, results: [{ rows }] }))
    }
    await withServer(answer, settings => remove({ userId: "aB" }, settings))
    expect(statements).toEqual([
      {
        sql: `DELETE FROM \`segment_data\` WHERE userId = ? AND ${measure}(userId) = ${measure}(?)`,
        args: ["aB", "aB"],
      },
    ])
  })

  test("A destination has no onDelete by default", () => {
    expect(createDestination().onDelete).toBeUndefined()
  })
})
