import type { DynamicFieldResponse } from "@segment/actions-core"
import { isSinkError } from "@singlesink/core"
import type { DataApi } from "@singlesink/data-api"
import { connect, type SegmentCall } from "./connection.ts"
import { toFormMessage } from "./form-message.ts"
import { trim } from "./settings.ts"

/** Databases of the server itself, which store no events. */
const systemDatabases = new Set(["information_schema", "memsql", "cluster"])

const eventTypes = ["track", "identify", "page", "screen", "group", "alias"]

/** The types of events, which the form offers. Another type can still be typed, and is stored. */
export function listTypes(): DynamicFieldResponse {
  return { choices: eventTypes.map(type => ({ label: type, value: type })) }
}

export function listDatabases(call: SegmentCall): Promise<DynamicFieldResponse> {
  return list(call, call.settings.database, async api => {
    const rows = await api.query("SHOW DATABASES")
    return rows.map(row => String(Object.values(row)[0])).filter(name => !systemDatabases.has(name))
  })
}

export function listTables(call: SegmentCall, database: string | undefined): Promise<DynamicFieldResponse> {
  return list(call, trim(database) || call.settings.database, async api => {
    const sql =
      "SELECT TABLE_NAME AS name FROM information_schema.tables WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'BASE TABLE' ORDER BY TABLE_NAME"
    return (await api.query<{ name: string }>(sql, [api.database])).map(({ name }) => name)
  })
}

/** The choices of a form field. If they cannot be listed, the form shows the error, and a name can still be typed. */
async function list(
  call: SegmentCall,
  database: string,
  read: (api: DataApi) => Promise<string[]>,
): Promise<DynamicFieldResponse> {
  try {
    const names = await read(await connect(call, database))
    return { choices: names.map(name => ({ label: name, value: name })) }
  } catch (error) {
    if (!isSinkError(error)) throw error
    return { choices: [], error: { code: error.code.toUpperCase(), message: toFormMessage(error) } }
  }
}
