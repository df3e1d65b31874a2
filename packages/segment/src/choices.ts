import type { DynamicFieldResponse, RequestClient } from "@segment/actions-core"
import { isSinkError } from "@singlesink/core"
import type { DataApi } from "@singlesink/data-api"
import { type ConnectionOptions, connect } from "./connection.ts"
import type { Settings } from "./settings.ts"

/** Databases of the server's own, where nobody stores events. */
const ownDatabases = new Set(["information_schema", "memsql", "cluster"])

export function listDatabases(
  options: ConnectionOptions,
  request: RequestClient,
  settings: Settings,
): Promise<DynamicFieldResponse> {
  return list(options, request, settings, settings.dbName, async api => {
    const rows = await api.query("SHOW DATABASES")
    return rows.map(row => String(Object.values(row)[0])).filter(name => !ownDatabases.has(name))
  })
}

export function listTables(
  options: ConnectionOptions,
  request: RequestClient,
  settings: Settings,
  database: string | undefined,
): Promise<DynamicFieldResponse> {
  return list(options, request, settings, database || settings.dbName, async api => {
    const sql =
      "SELECT TABLE_NAME AS name FROM information_schema.tables WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'BASE TABLE' ORDER BY TABLE_NAME"
    return (await api.query<{ name: string }>(sql, [api.database])).map(({ name }) => name)
  })
}

/** What the form shows; a list that cannot be had is told there, and the name can be typed all the same. */
async function list(
  options: ConnectionOptions,
  request: RequestClient,
  settings: Settings,
  database: string,
  read: (api: DataApi) => Promise<string[]>,
): Promise<DynamicFieldResponse> {
  try {
    const names = await read(await connect(options, request, settings, database))
    return { choices: names.map(name => ({ label: name, value: name })) }
  } catch (error) {
    if (!isSinkError(error)) throw error
    return { choices: [], error: { code: error.code.toUpperCase(), message: error.message } }
  }
}
