import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { createSink, createTableSql, defaultColumns } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import type { Emulator } from "@singlesink/emulator"
import { expect, test } from "vitest"
import { startDatabase } from "../../testing/database.ts"
import { createFolder } from "../../testing/folder.ts"
import { runCommand } from "../../testing/terminal.ts"

/** Stores events, each with the next id and the next day. */
async function store(emulator: Emulator, events: readonly object[], columns = defaultColumns) {
  const api = createDataApi({ url: emulator.url, username: "root", password: "", database: "events" })
  const sink = createSink({ transport: api, columns })
  const outcomes = await sink.writeBatch(
    events.map((event, index) => ({
      messageId: String(index),
      timestamp: `2026-01-${String(index + 1).padStart(2, "0")}T00:00:00Z`,
      ...event,
    })),
  )
  expect(outcomes.every(({ status }) => status === "stored")).toBe(true)
}

async function runViews(env: Record<string, string>, ...args: string[]) {
  const result = await runCommand(["sql", "views", "--json", ...args], { env })
  return { ...result, ...(JSON.parse(result.stdout) as { statements: string[]; notes: string[] }) }
}

const createdBy = (statements: readonly string[]) =>
  statements.flatMap(sql => /^CREATE VIEW `([^`]+)`/.exec(sql)?.[1] ?? [])

const track = (event: string, properties: object = {}) => ({ type: "track", event, properties, userId: "u1" })

test("sql views prints a view for the traits of users and groups, and one for each event", async () => {
  const { emulator, env } = await startDatabase()
  await store(emulator, [track("Signed Up", { plan: "pro" }), track("Order Completed", { total: 1.5 })])
  const { exitCode, stdout } = await runCommand(["sql", "views"], { env })
  expect(exitCode).toBe(0)
  expect(stdout).toContain("CREATE VIEW `user_traits` AS SELECT\n")
  expect(stdout).toContain("CREATE VIEW `group_traits` AS SELECT\n")
  expect(stdout).toContain("  JSON_EXTRACT_STRING(`properties`, 'plan') AS `plan`\n")
  expect(stdout).toContain('-- order_completed: the event "Order Completed", 1 row.\n')
  expect(await emulator.query("SHOW TABLES")).toHaveLength(1)
})

test("sql views --apply creates the views, and running it again replaces them", async () => {
  const { emulator, env } = await startDatabase()
  await store(emulator, [
    { type: "identify", userId: "u1", traits: { plan: "free", age: 5 } },
    { type: "identify", userId: "u1", context: { traits: { plan: "pro" } } },
    { type: "group", userId: "u1", groupId: "g1", traits: { seats: 3 } },
    track("Signed Up", { plan: "pro", seats: 2, trial: true, price: 1.5, address: { city: "Bonn" } }),
  ])
  const first = await runViews(env, "--apply", "--yes")
  expect(first.exitCode).toBe(0)
  expect(await emulator.query("SELECT userId, plan, age FROM user_traits")).toEqual([
    { userId: "u1", plan: "pro", age: null },
  ])
  expect(await emulator.query("SELECT groupId, seats FROM group_traits")).toEqual([
    { groupId: "g1", seats: 3 },
  ])
  expect(await emulator.query("SELECT plan, seats, trial, price, address FROM signed_up")).toEqual([
    { plan: "pro", seats: 2, trial: 1, price: 1.5, address: { city: "Bonn" } },
  ])
  const second = await runViews(env, "--apply", "--yes")
  expect(second.exitCode).toBe(0)
  expect(second.notes).toContain("signed_up: a view with this name exists and is replaced.")
  expect(second.statements).toEqual(first.statements)
})

test("The view of audiences has the users whose newest event of an audience is true", async () => {
  const { emulator, env } = await startDatabase()
  const identify = (userId: string, traits: object) => ({ type: "identify", userId, traits })
  await store(emulator, [
    identify("in", { big_spender: true }),
    identify("out", { big_spender: true }),
    identify("out", { big_spender: false }),
    identify("other", { big_spender: true, plan: "pro" }),
    identify("it's", { "it's": true }),
  ])
  const { notes } = await runViews(env, "--apply", "--yes")
  expect(await emulator.query("SELECT audience, userId FROM audience_members ORDER BY userId")).toEqual([
    { audience: "big_spender", userId: "in" },
    { audience: "it's", userId: "it's" },
    { audience: "big_spender", userId: "other" },
  ])
  expect(notes.join("\n")).toContain(
    '"big_spender", "it\'s": an identify event of an audience has no other traits',
  )
})

test("An event whose view would have the name of a table is skipped, and --prefix makes room", async () => {
  const { emulator, env } = await startDatabase()
  await store(emulator, [track("Segment Data"), track("Opened")])
  const plain = await runViews(env)
  expect(createdBy(plain.statements)).toEqual(["user_traits", "group_traits", "opened"])
  expect(plain.notes).toContain(
    "segment_data: skipped, because there is a table with this name. Pass --prefix.",
  )
  const prefixed = await runViews(env, "--prefix", "v_")
  expect(createdBy(prefixed.statements)).toEqual([
    "v_user_traits",
    "v_group_traits",
    "v_opened",
    "v_segment_data",
  ])
})

test("Events and properties whose names collide get numbers, and notes say which is which", async () => {
  const { emulator, env } = await startDatabase()
  await store(emulator, [
    track("Signed Up", { plan: "a", Plan: "b", "a.b": 1, a_b: 2, userId: "p" }),
    track("signed_up"),
    track("User Traits"),
  ])
  const { statements, notes } = await runViews(env, "--apply", "--yes")
  expect(createdBy(statements)).toEqual([
    "user_traits",
    "group_traits",
    "signed_up",
    "user_traits_2",
    "signed_up_2",
  ])
  expect(await emulator.query("SELECT plan_2, a_b, a_b_2, userId_2 FROM signed_up")).toEqual([
    { plan_2: "a", a_b: 2, a_b_2: 1, userId_2: "p" },
  ])
  expect(notes).toContain(
    'signed_up.plan_2: the property "plan", renamed because its name is taken or too long.',
  )
  expect(notes).toContain('signed_up_2: the event "signed_up", 1 row.')
})

test("--since ignores the rows before the date, and --sample limits the rows that are read", async () => {
  const { emulator, env } = await startDatabase()
  await store(emulator, [track("Old", { a: 1 }), track("New", { b: 1 }), track("New", { c: 1 })])
  const since = await runViews(env, "--since", "2026-01-02")
  expect(createdBy(since.statements)).toEqual(["user_traits", "group_traits", "new"])
  const sample = await runViews(env, "--sample", "1")
  const view = sample.statements.find(sql => sql.startsWith("CREATE VIEW `new`"))
  expect(view).toContain("'c'")
  expect(view).not.toContain("'b'")
})

test("Renamed columns are used, additional ones are in the views, and without traits there is a note", async () => {
  const columns = [
    ...defaultColumns
      .filter(({ name }) => name !== "traits")
      .map(column => (column.name === "properties" ? { ...column, name: "props" } : column)),
    { name: "url", type: "TEXT", from: "context.page.url" } as const,
  ]
  const { emulator, env } = await startDatabase({ hasTable: false })
  await emulator.exec(createTableSql({ columns }))
  await store(emulator, [{ ...track("Opened", { a: 1 }), context: { page: { url: "https://a" } } }], columns)
  const file = join(createFolder(), "columns.json")
  writeFileSync(file, JSON.stringify(columns))
  const { notes } = await runViews(env, "--columns", file, "--apply", "--yes")
  expect(await emulator.query("SELECT url, a FROM opened")).toEqual([{ url: "https://a", a: 1 }])
  expect(notes).toContain(
    'user_traits: skipped, because --columns lacks type, userId, traits or a column with role "time".',
  )
})

test.each([
  [["--prefix", "a-b"], "--prefix must have at most 30 letters"],
  [["--since", "2026-02-30"], "--since must be a date"],
  [["--since", "yesterday"], "--since must be a date"],
  [["--sample", "0"], "--sample must be a number of rows"],
])("sql views refuses %j before any request", async (args, message) => {
  const { emulator, env } = await startDatabase()
  const { exitCode, stderr } = await runCommand(["sql", "views", ...args], { env })
  expect(exitCode).toBe(2)
  expect(stderr).toContain(message)
  expect(emulator.requests).toEqual([])
})

test("sql views without the table is an error with exit code 2", async () => {
  const { env } = await startDatabase({ hasTable: false })
  const { exitCode, stderr } = await runCommand(["sql", "views"], { env })
  expect(exitCode).toBe(2)
  expect(stderr).toMatch(/\[unknown_table\]\n/)
})
