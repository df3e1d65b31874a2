import { randomUUID } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import { createTableSql } from "@singlesink/core"
import { createDataApi, type DataApi } from "@singlesink/data-api"
import type { TestBed } from "./cases.ts"
import type { StoredRow } from "./expected-row.ts"
import type { Server, StartHost, Target } from "./host.ts"

export const credentials = { username: "sink", password: "pässword: with a colon", database: "events" }

// The server may be shared, also with another run of the suite. The spaces force every host to quote the name.
const prefix = `singlesink case ${randomUUID().slice(0, 8)}`
let tables = 0

/** The result of one run on a test bed. */
export interface RunResult {
  /** The error of the run. Absent after a success. */
  failed?: Error
  /** The name of a table that may still exist, and the reason. */
  left?: string
}

/**
 * Runs `work` with a host that writes to a new table, and drops the table afterwards. It never throws: errors are in
 * the result.
 */
export async function runOnTestBed(
  server: Server,
  start: StartHost,
  work: (bed: TestBed) => Promise<void>,
): Promise<RunResult> {
  const target: Target = { ...server, table: `${prefix} ${++tables}` }
  const api = createDataApi(server)
  const failed = await errorOf(async () => {
    // The table may exist even if this fails, so it is dropped in any case.
    await api.exec(createTableSql({ table: target.table }))
    const host = await start(target)
    const rows = () => api.query<StoredRow>(`SELECT * FROM \`${target.table}\` ORDER BY messageId`)
    const failed = await errorOf(() => work({ host, rows }))
    const unclosed = await errorOf(async () => host.close?.())
    // An error of `close` is usually a consequence of the first error.
    if (failed ?? unclosed) throw failed ?? unclosed
  })
  const left = await drop(api, target.table)
  return { ...(failed && { failed }), ...(left !== undefined && { left }) }
}

/** The same for use in a test: it throws the error of the run, and names a table that is left behind. */
export async function withTestBed(...args: Parameters<typeof runOnTestBed>): Promise<void> {
  const { failed, left } = await runOnTestBed(...args)
  if (left === undefined && failed === undefined) return
  if (left === undefined) throw failed
  const sentence = `Left behind: ${left}`
  if (failed === undefined) throw new Error(sentence)
  // The original error is thrown, because an assertion shows more than its message.
  failed.message += `\n${sentence}`
  throw failed
}

const maxDrops = 3
const pauseMs = 200

/** Drops the table. Returns why it may still exist, or undefined. */
async function drop(api: DataApi, table: string): Promise<string | undefined> {
  for (let attempt = 1; ; attempt++) {
    const error = await errorOf(() => api.exec(`DROP TABLE IF EXISTS \`${table}\``))
    if (error === undefined) return undefined
    if (attempt === maxDrops) return `table \`${table}\`: ${error.message}`
    await sleep(pauseMs)
  }
}

async function errorOf(work: () => Promise<unknown>): Promise<Error | undefined> {
  try {
    await work()
    return undefined
  } catch (thrown) {
    // instanceof would not work: a host in another context has another Error.
    return Object(thrown) === thrown ? (thrown as Error) : new Error(String(thrown))
  }
}
