import { createCloningFetch, loadInBareContext } from "@singlesink/conformance/bare-context"
import { createDataApi } from "@singlesink/data-api"
import { startEmulator } from "@singlesink/emulator"
import type { JitsuContext, JitsuDestination } from "@singlesink/jitsu"

const credentials = { username: "jitsu", password: "secret" }

/** Runs a built function in a bare context, as Jitsu does, and checks the table. @throws Error if a row is missing */
export async function storeOneEvent(code: string, createTable: string): Promise<void> {
  await using emulator = await startEmulator({ ...credentials, databases: ["events"] })
  const connection = { url: emulator.url, ...credentials, database: "events" }
  await createDataApi({ ...connection, fetch }).exec(createTable)

  const { default: send } = await loadInBareContext<{ default: JitsuDestination }>(code)
  const event = {
    messageId: "0b2f6f5e",
    type: "track",
    event: "Signed Up",
    timestamp: "2026-11-22T06:13:12.535Z",
    properties: { plan: "pro" },
  }
  const logged: string[] = []
  const ctx = {
    props: connection,
    log: { error: (message: string) => logged.push(message) },
    fetch: createCloningFetch(async (url, options) => {
      const response = await fetch(url, options)
      const headers = Object.fromEntries(response.headers)
      return { status: response.status, headers, text: await response.text() }
    }),
  } as unknown as JitsuContext
  // The second call sends the same event, like a retry.
  for (const _ of [1, 2]) {
    const answer: unknown = await send(event, ctx)
    if (answer !== undefined) throw new Error(`The function returned ${answer}; it must return undefined.`)
  }
  const rows = await emulator.query("SELECT messageId, event, properties::$plan AS plan FROM segment_data")
  const found = JSON.stringify([rows, logged])
  const wanted = JSON.stringify([[{ messageId: "0b2f6f5e", event: "Signed Up", plan: "pro" }], []])
  if (found !== wanted)
    throw new Error(`The table and the log contain ${found}; they must contain ${wanted}.`)
}
