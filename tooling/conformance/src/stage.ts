import { randomUUID } from "node:crypto"
import { createTableSql } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import type { Stage } from "./cases.ts"
import type { StoredRow } from "./expected-row.ts"
import type { Server, StartHost, Target } from "./host.ts"

export const credentials = { username: "sink", password: "pässword: with a colon", database: "events" }

// The server may be somebody's, and another run may be under way on it. The spaces are there to be quoted.
const prefix = `singlesink case ${randomUUID().slice(0, 8)}`
let tables = 0

/** Runs something with a host that writes to a table of its own, which is dropped at the end. */
export async function withStage(
  server: Server,
  start: StartHost,
  run: (stage: Stage) => Promise<void>,
): Promise<void> {
  const target: Target = { ...server, table: `${prefix} ${++tables}` }
  const api = createDataApi(server)
  await api.exec(createTableSql({ table: target.table }))
  try {
    const host = await start(target)
    try {
      await run({
        host,
        rows: () => api.query<StoredRow>(`SELECT * FROM \`${target.table}\` ORDER BY messageId`),
      })
    } finally {
      await host.close?.()
    }
  } finally {
    await api.exec(`DROP TABLE \`${target.table}\``)
  }
}
