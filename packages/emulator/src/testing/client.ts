import { onTestFinished } from "vitest"
import { type Emulator, type EmulatorOptions, startEmulator } from "../index.ts"

interface Reply {
  status: number
  text: string
}

/** Sends the requests of the tests over HTTP. */
export interface Client {
  emulator: Emulator
  exec(sql: string, args?: unknown[], database?: string): Promise<Reply>
  /** The answer of query/rows. */
  query(sql: string, args?: unknown[], database?: string): Promise<Reply>
  /** The rows, or the text of the error. */
  rows(sql: string, args?: unknown[]): Promise<unknown>
  send(path: string, init?: RequestInit): Promise<Response>
  /** The status of an exec, or the code of a network error. */
  attempt(sql: string, args?: unknown[]): Promise<number | string>
}

export const authorization: string = `Basic ${Buffer.from("root:").toString("base64")}`

export function createClient(emulator: Emulator): Client {
  const send = (path: string, init: RequestInit = {}) => fetch(emulator.url + path, init)
  const post = async (path: string, sql: string, args?: unknown[], database = "events"): Promise<Reply> => {
    const response = await send(path, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify({ sql, ...(args && { args }), database }),
    })
    return { status: response.status, text: await response.text() }
  }
  const client: Client = {
    emulator,
    send,
    exec: (sql, args, database) => post("/api/v2/exec", sql, args, database),
    query: (sql, args, database) => post("/api/v2/query/rows", sql, args, database),
    attempt: (sql, args) =>
      client.exec(sql, args).then(
        ({ status }) => status,
        ({ cause, message }) => cause?.code ?? message,
      ),
    async rows(sql, args) {
      const { status, text } = await client.query(sql, args)
      return status === 200 ? JSON.parse(text).results[0].rows : text
    },
  }
  return client
}

/** Starts an emulator for one test, and runs these statements. */
export async function startClient(options: EmulatorOptions = {}, ...setup: string[]): Promise<Client> {
  const client = createClient(await startEmulator(options))
  onTestFinished(() => client.emulator.close())
  for (const sql of setup) {
    const { status, text } = await client.exec(sql)
    if (status !== 200) throw new Error(`${sql}: ${text}`)
  }
  return client
}
