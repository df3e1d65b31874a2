import { randomUUID } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import { createTableSql } from "@singlesink/core"
import { createDataApi, type DataApi } from "@singlesink/data-api"
import type { Stage } from "./cases.ts"
import type { StoredRow } from "./expected-row.ts"
import type { Server, StartHost, Target } from "./host.ts"

export const credentials = { username: "sink", password: "pässword: with a colon", database: "events" }

// The server may be somebody's, and another run may be under way on it. The spaces are there to be quoted.
const prefix = `singlesink case ${randomUUID().slice(0, 8)}`
let tables = 0

/** What became of something that ran on a stage. */
export interface Performance {
  /** Left out where all went well. */
  failed?: Error
  /** The table that may still be there, by its name, and why. */
  left?: string
}

/** Runs something with a host that writes to a table of its own, which is dropped at the end. It never throws. */
export async function perform(
  server: Server,
  start: StartHost,
  run: (stage: Stage) => Promise<void>,
): Promise<Performance> {
  const target: Target = { ...server, table: `${prefix} ${++tables}` }
  const api = createDataApi(server)
  const failed = await errorOf(async () => {
    // Where this fails the table may have been made all the same.
    await api.exec(createTableSql({ table: target.table }))
    const host = await start(target)
    const rows = () => api.query<StoredRow>(`SELECT * FROM \`${target.table}\` ORDER BY messageId`)
    const failed = await errorOf(() => run({ host, rows }))
    const unclosed = await errorOf(async () => host.close?.())
    // What goes wrong afterwards is as good as always a consequence.
    if (failed ?? unclosed) throw failed ?? unclosed
  })
  const left = await drop(api, target.table)
  return { ...(failed && { failed }), ...(left !== undefined && { left }) }
}

/** The same inside a test: what went wrong is thrown, and names the table that is left. */
export async function withStage(...means: Parameters<typeof perform>): Promise<void> {
  const { failed, left } = await perform(...means)
  if (left === undefined && failed === undefined) return
  if (left === undefined) throw failed
  const sentence = `Left behind: ${left}`
  if (failed === undefined) throw new Error(sentence)
  // The same error as before, which has more to show than its message.
  failed.message += `\n${sentence}`
  throw failed
}

const maxDrops = 3
const pauseMs = 200

/** Why the table may still be there. */
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
    // No instanceof: hosts in a context of their own have another Error.
    return Object(thrown) === thrown ? (thrown as Error) : new Error(String(thrown))
  }
}
