import { defaultColumns } from "@singlesink/core"
import { expect, test } from "vitest"
import { runCommand } from "../testing/terminal.ts"
import { toPipeline } from "./pipeline.ts"

const flags = { brokers: "kafka-1:9092,kafka-2:9092", topic: "events" }

test("A pipeline fills every column, has a default for each optional one, and skips duplicates", () => {
  const { statements } = toPipeline({ table: "events", columns: defaultColumns, deduplicate: true }, flags)
  expect(statements).toEqual([
    `CREATE PIPELINE \`events\`
AS LOAD DATA KAFKA 'kafka-1:9092,kafka-2:9092/events'
SKIP DUPLICATE KEY ERRORS
INTO TABLE \`events\`
FORMAT JSON (
  \`messageId\` <- \`messageId\`,
  @v1 <- \`timestamp\`,
  \`type\` <- \`type\`,
  \`event\` <- \`event\` DEFAULT NULL,
  \`name\` <- \`name\` DEFAULT NULL,
  \`properties\` <- \`properties\` DEFAULT NULL,
  \`userId\` <- \`userId\` DEFAULT NULL,
  \`anonymousId\` <- \`anonymousId\` DEFAULT NULL,
  \`groupId\` <- \`groupId\` DEFAULT NULL,
  @v2 <- \`traits\` DEFAULT NULL,
  @v3 <- \`context\`::\`traits\` DEFAULT NULL,
  \`context\` <- \`context\` DEFAULT NULL
)
SET
  \`timestamp\` = CASE WHEN @v1 LIKE '%Z' THEN LEFT(REPLACE(REPLACE(@v1, 'T', ' '), 'Z', ''), 26) END,
  \`traits\` = COALESCE(@v2, @v3)`,
  ])
})

test("The columns of --columns decide: other names, other paths, and the whole event", () => {
  const columns = [
    { name: "id", type: "TEXT", from: ["messageId", "context.`a.b`"], required: true, role: "id" },
    { name: "received at", type: "DATETIME(6)", from: "receivedAt" },
    { name: "first", type: "TEXT", from: "context.list.0" },
    { name: "message", type: "JSON", from: "$" },
  ] as const
  const { statements, notes } = toPipeline(
    { table: "t", columns, deduplicate: false },
    { ...flags, name: "p" },
  )
  expect(statements[0]).toBe(
    `CREATE PIPELINE \`p\`
AS LOAD DATA KAFKA 'kafka-1:9092,kafka-2:9092/events'
INTO TABLE \`t\`
FORMAT JSON (
  @v1 <- \`messageId\` DEFAULT NULL,
  @v2 <- \`context\`::\`a.b\` DEFAULT NULL,
  @v3 <- \`receivedAt\` DEFAULT NULL,
  \`first\` <- \`context\`::\`list\`::\`0\` DEFAULT NULL,
  \`message\` <- % DEFAULT NULL
)
SET
  \`id\` = COALESCE(@v1, @v2),
  \`received at\` = CASE WHEN @v3 LIKE '%Z' THEN LEFT(REPLACE(REPLACE(@v3, 'T', ' '), 'Z', ''), 26) END`,
  )
  expect(notes).toContain("- first: a pipeline cannot read an element of an array.")
  expect(notes).toContain("- The table has no key, so reading the topic again stores its events again.")
})

test("sql pipeline needs no server, and says in comments that only times ending in Z are converted", async () => {
  const { exitCode, stdout } = await runCommand([
    ...["sql", "pipeline", "--brokers", flags.brokers, "--topic", flags.topic, "--name", "load_events"],
  ])
  expect(exitCode).toBe(0)
  expect(stdout).toContain("-- - timestamp: only ISO 8601 in UTC that ends in Z. Other offsets")
  expect(stdout).toContain("\nCREATE PIPELINE `load_events`\n")
  expect(stdout).toMatch(/;\n$/)
})

test.each([
  ["kafka 1", "events", "--brokers must be a list"],
  ["kafka-1:9092", "a/b", "--topic must be the name of a Kafka topic"],
])("The brokers %j and the topic %j are refused", async (brokers, topic, message) => {
  const { exitCode, stderr } = await runCommand(["sql", "pipeline", "--brokers", brokers, "--topic", topic])
  expect(exitCode).toBe(2)
  expect(stderr).toContain(message)
})
