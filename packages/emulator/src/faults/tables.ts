import type { Engine } from "../engine.ts"
import { parse } from "../parse/statement.ts"
import type { CreateTable } from "../parse/syntax.ts"
import { toTable } from "../store/table.ts"
import type { RecreateTableFault, TableChange } from "./fault.ts"

/** Does it in turn with the statements of requests; rejects with one sentence where it cannot be done. */
export async function changeTable(
  engine: Engine,
  fault: TableChange,
  fallback: string | undefined,
): Promise<void> {
  const { kind, table, database = fallback } = fault
  const run = (sql: string) => engine.execute({ sql, values: [], database })
  const target = `\`${table.replaceAll("`", "``")}\``
  try {
    if (kind === "drop_table") await run(`DROP TABLE ${target}`)
    else {
      checkCreate(fault, database)
      // Asked for in one go, so that no other statement comes between them.
      await Promise.all([run(`DROP TABLE IF EXISTS ${target}`), run(fault.sql)])
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new TypeError(`The fault "${kind}" cannot be done: ${reason}`, { cause: error })
  }
}

/** Finds what is wrong with the statement while the old table is still there. */
function checkCreate({ table, sql }: RecreateTableFault, database: string | undefined): void {
  const statement = parse(sql, 0)
  if (!isCreateOf(statement, table, database)) {
    throw new Error(`"sql" must be the CREATE TABLE of ${table} in ${database}.`)
  }
  toTable(statement, database ?? "")
}

function isCreateOf(
  statement: ReturnType<typeof parse>,
  table: string,
  database: string | undefined,
): statement is CreateTable {
  if (statement.kind !== "createTable") return false
  const { name, database: named = database } = statement.table
  return name === table && named === database
}
