import assert from "node:assert/strict"
import type { Emulator } from "@singlesink/emulator"

/** An example that `npm start` runs. */
export interface Example {
  /** Its folder. */
  readonly name: string
  /** What it reads from stdin. */
  readonly input?: string
  /** Checks what it printed and what is in the database. @returns what was checked, for the report */
  check(printed: string, database: Emulator): Promise<string>
}

const countRows = async (database: Emulator, table: string): Promise<number> => {
  const [{ n = 0 } = {}] = await database.query<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`)
  return Number(n)
}

function assertPrinted(printed: string, ...parts: readonly string[]): void {
  for (const part of parts) assert.ok(printed.includes(part), `The output lacks "${part}":\n${printed}`)
}

const lines = Array.from({ length: 5_000 }, (_, index) =>
  JSON.stringify({
    messageId: `s${index % 4_000}`,
    type: "track",
    event: "Signed Up",
    timestamp: index === 7 ? "yesterday" : "2026-11-22T06:13:12.535Z",
  }),
)

export const examples: readonly Example[] = [
  {
    name: "node",
    async check(printed, database) {
      assertPrinted(
        printed,
        "stored",
        "rejected: Column timestamp is not a valid time",
        "Signed Up",
        "Pricing",
      )
      assert.equal(await countRows(database, "segment_data"), 2)
      return "2 rows, 1 rejected, a repeat stored once"
    },
  },
  {
    name: "streaming",
    input: lines.join("\n"),
    async check(printed, database) {
      assertPrinted(printed, "5000 read = 4999 stored (999 duplicates) + 1 rejected + 0 failed")
      assert.equal(await countRows(database, "segment_data"), 4_000)
      return "5,000 lines, 4,000 rows"
    },
  },
  {
    name: "contract",
    async check(printed, database) {
      assertPrinted(printed, "rejected: ", "properties.revenue", "properties.currency")
      const rows = await database.query<object>(
        "SELECT messageId, plan, revenue, country FROM orders ORDER BY messageId",
      )
      assert.deepEqual(
        rows.map(row => ({ ...row })),
        [
          { messageId: "o1", plan: null, revenue: 49.9, country: "DE" },
          { messageId: "s1", plan: "pro", revenue: null, country: null },
        ],
      )
      return "2 rows in its own columns, 1 violation rejected with its paths"
    },
  },
  {
    name: "opentelemetry",
    async check(printed, database) {
      assertPrinted(printed, "singlesink.events", "INSERT segment_data", "singlesink.outcome")
      assert.equal(await countRows(database, "segment_data"), 1)
      return "metrics and a span on the console"
    },
  },
  {
    name: "segment",
    async check(printed, database) {
      assert.match(printed, /^200\n400: .*timestamp.*\n200$/m)
      assert.equal(await countRows(database, "segment_data"), 2)
      return "the statuses 200, 400, 200"
    },
  },
]
