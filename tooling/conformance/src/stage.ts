import { createTableSql } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import type { Emulator } from "@singlesink/emulator"
import type { Stage } from "./cases.ts"
import type { StoredRow } from "./expected-row.ts"
import type { StartHost, Target } from "./host.ts"

export const credentials = { username: "sink", password: "pässword: with a colon", database: "events" }

let tables = 0

/** Runs something with a host that writes to a table of its own. */
export async function withStage(
  emulator: Emulator,
  start: StartHost,
  run: (stage: Stage) => Promise<void>,
): Promise<void> {
  const target: Target = { url: emulator.url, ...credentials, table: `case ${++tables}` }
  const api = createDataApi(target)
  await api.exec(createTableSql({ table: target.table }))
  const host = await start(target)
  try {
    await run({
      host,
      rows: () => api.query<StoredRow>(`SELECT * FROM \`${target.table}\` ORDER BY messageId`),
    })
  } finally {
    await host.close?.()
  }
}
