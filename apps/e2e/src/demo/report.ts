import type { HostRun } from "./hosts.ts"
import type { Target } from "./target.ts"

/** The results of queries on the table over the Data API. */
export interface Found {
  rows: number
  types: { type: string; events: number }[]
  nestedSql: string
  nested: { users: number; plan: string | null; city: string }[]
}

const quote = (table: string) => `\`${table}\``

export async function readTable({ api, table }: Target): Promise<Found> {
  const [count] = await api.query<{ n: number }>(`SELECT COUNT(*) AS n FROM ${quote(table)}`)
  const types = await api.query<{ type: string; events: number }>(
    `SELECT type, COUNT(*) AS events FROM ${quote(table)} GROUP BY type ORDER BY events DESC, type`,
  )
  const nestedSql = [
    "SELECT COUNT(DISTINCT userId) AS users, context::traits::$plan AS plan, traits::address::$city AS city",
    `FROM ${quote(table)} WHERE type = 'identify' AND traits::address::$city IS NOT NULL`,
    "GROUP BY plan, city ORDER BY users DESC, plan, city LIMIT 5",
  ].join("\n")
  return { rows: count?.n ?? 0, types, nestedSql, nested: await api.query(nestedSql) }
}

export function toHostLines(runs: readonly HostRun[]): string[] {
  const columns: [string, (run: HostRun) => string | number][] = [
    ["host", run => run.name],
    ["events in", run => run.eventsIn],
    ["stored", run => run.stored],
    ["duplicates", run => run.duplicates],
    ["rejected", run => run.rejected],
    ["failed", run => run.failed],
    ["requests", run => run.requests],
    ["bytes", run => run.bytes],
    ["largest request", run => run.largestRequest],
  ]
  return toLines(
    columns.map(([name]) => name),
    runs.map(run => columns.map(([, value]) => value(run))),
  )
}

export function toTableLines({ rows, types, nestedSql, nested }: Found): string[] {
  return [
    `${rows} rows in the table:`,
    "",
    ...toLines(
      ["type", "events"],
      types.map(({ type, events }) => [type, events]),
    ),
    "",
    ...nestedSql.split("\n"),
    "",
    ...toLines(
      ["users", "plan", "city"],
      nested.map(({ users, plan, city }) => [users, plan ?? "NULL", city]),
    ),
  ]
}

/** Three requests to try while the emulator runs. */
export function toInvitation({ url, username, password, database, table }: Target): string[] {
  const curl = (path: string, sql: string, args: unknown[]) => {
    const body = JSON.stringify({ database, sql, args })
    return `  curl -s ${url}/api/v2/${path} -u ${username}:${password} -H 'content-type: application/json' -d '${body}'`
  }
  const name = quote(table)
  return [
    "",
    `The emulator keeps running at ${url} (user ${username}, password ${password}, database ${database}). Try:`,
    "",
    curl(
      "query/rows",
      `SELECT event, COUNT(*) AS n FROM ${name} WHERE type = ? GROUP BY event ORDER BY n DESC`,
      ["track"],
    ),
    curl("query/rows", `SELECT type, context::page::$url AS url FROM ${name} WHERE userId = ? LIMIT 3`, [
      "user-9",
    ]),
    curl("exec", `INSERT IGNORE INTO ${name} (messageId, timestamp, type) VALUES (?, ?, ?)`, [
      "my-first",
      "2026-01-02 03:04:05.678",
      "track",
    ]),
    "",
    "Stop it with Ctrl+C.",
  ]
}

/** The lines of a table. Text is left-aligned, numbers are right-aligned. */
function toLines(head: readonly string[], rows: readonly (string | number)[][]): string[] {
  const shown = [
    head,
    ...rows.map(row => row.map(cell => (typeof cell === "number" ? cell.toLocaleString("en-US") : cell))),
  ]
  const widths = head.map((_, column) => Math.max(...shown.map(row => (row[column] ?? "").length)))
  return shown.map((row, index) =>
    row
      .map((cell, column) => {
        const isNumber = typeof rows[Math.max(0, index - 1)]?.[column] === "number"
        return isNumber ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)
      })
      .join("  ")
      .trimEnd(),
  )
}
