import type { Emulator } from "@singlesink/emulator"
import { startDatabase } from "../../testing/database.ts"

/** The statement of Segment's own destination. */
const createSegmentTable = `CREATE TABLE segment_data (
  messageId TEXT NOT NULL, timestamp DATETIME(6) NOT NULL, type TEXT NOT NULL, event TEXT, name TEXT, properties JSON,
  userId TEXT, anonymousId TEXT, groupId TEXT, traits JSON, context JSON, SHARD KEY ()
) AUTOSTATS_CARDINALITY_MODE=PERIODIC AUTOSTATS_HISTOGRAM_MODE=CREATE SQL_MODE='STRICT_ALL_TABLES'`

const columnNames = "messageId, timestamp, type, event, properties"

interface SegmentTable {
  /** @default 100 */
  readonly ids?: number
  /** How many of them have a second row. @default 0 */
  readonly duplicates?: number
  /** The time of a row. @default a minute after the one before */
  readonly timeOf?: (id: number) => string
  readonly createSql?: string
}

/** An emulator with a table without a key. */
export async function startSegmentTable({
  ids = 100,
  duplicates = 0,
  timeOf = minuteOf,
  createSql = createSegmentTable,
}: SegmentTable = {}): Promise<{ emulator: Emulator; env: Record<string, string> }> {
  const { emulator, env } = await startDatabase({ hasTable: false })
  await emulator.exec(createSql)
  const all = [...Array(ids).keys(), ...Array(duplicates).keys()]
  if (all.length > 0) await insertRows(emulator, all, timeOf)
  return { emulator, env }
}

/** Inserts a row for each number, in any order, as plain INSERTs do. */
export async function insertRows(
  emulator: Pick<Emulator, "exec">,
  ids: readonly number[],
  timeOf: (id: number) => string = minuteOf,
  table = "segment_data",
): Promise<void> {
  const rows = ids.map(id => `('m${id}', '${timeOf(id)}', 'track', 'Signed Up', '{"id": ${id}}')`)
  await emulator.exec(`INSERT INTO ${table} (${columnNames}) VALUES ${rows.join(", ")}`)
}

function minuteOf(id: number): string {
  return new Date(Date.UTC(2026, 0, 1, 0, id)).toISOString().replace("T", " ").replace("Z", "000")
}

export async function readTable(
  emulator: Pick<Emulator, "query">,
  table = "segment_data",
): Promise<Record<string, unknown>[]> {
  return emulator.query(`SELECT ${columnNames} FROM ${table} ORDER BY messageId, timestamp`)
}

export async function readTableNames(emulator: Pick<Emulator, "query">): Promise<string[]> {
  const rows = await emulator.query<Record<string, string>>("SHOW TABLES")
  return rows.map(row => Object.values(row)[0] ?? "").sort()
}

export async function readIds(emulator: Pick<Emulator, "query">, table = "segment_data"): Promise<string[]> {
  return (await readTable(emulator, table)).map(({ messageId }) => String(messageId))
}
