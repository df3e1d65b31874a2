import { quoteName } from "@singlesink/core"
import { toUser } from "../sql/grants.ts"
import { toCreateTable } from "../table/create.ts"
import { type Finding, failed, ok, skipped, warning } from "./finding.ts"
import { errorOf, type Inspection } from "./inspection.ts"

/** Whether the table exists, and is one. */
export async function checkTable({ shape, settings }: Inspection): Promise<Finding> {
  const { table, database } = settings
  const { kind, namesakes, isRowstore } = await shape()
  if (kind === "view") {
    return failed(`${table} is a view, and events cannot be written to it. Pass another name with --table.`)
  }
  if (kind === "missing") {
    const similar =
      namesakes.length > 0
        ? ` There is ${namesakes.join(" and ")}: the names of tables are case-sensitive.`
        : ""
    return failed(
      `The database ${database} has no table ${table}, or the user may not see it.${similar} Run \`singlesink sql table --apply\`, or:`,
      [toCreateTable(settings)],
    )
  }
  return isRowstore
    ? warning(
        `${table} is a rowstore table, which keeps all rows in memory. \`singlesink migrate\` copies them to a columnstore table.`,
      )
    : ok(`${database}.${table} exists.`)
}

/** Asks the database with an INSERT of no rows: privileges can come from roles, groups and patterns. */
export async function checkRights({ api, settings }: Inspection): Promise<Finding> {
  const { table, columns, database, server } = settings
  const column = quoteName((columns.find(({ role }) => role === "id") ?? columns[0])?.name ?? "")
  const error = await errorOf(
    api.exec(
      `INSERT INTO ${quoteName(table)} (${column}) SELECT one.v FROM (SELECT 'v' AS v) AS one WHERE 1 = 0`,
    ),
  )
  if (error === undefined) return ok("The user may insert.")
  if (error.code === "unknown_table") return skipped("The table does not exist yet.")
  if (error.code !== "permission_denied") return skipped(`The server did not answer: ${error.message}`)
  const credentials = server?.credentials
  const name = credentials !== undefined && "username" in credentials ? credentials.username : "USER"
  const user = toUser(name, "%")
  return failed("The user may not insert. Run as an administrator:", [
    `GRANT INSERT ON ${quoteName(database)}.${quoteName(table)} TO ${user}`,
  ])
}
