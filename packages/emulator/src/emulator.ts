import { once } from "node:events"
import type { AddressInfo } from "node:net"
import { type Engine, openEngine } from "./engine.ts"
import type { EmulatorRequest } from "./http/log.ts"
import { createDataApiServer } from "./http/server.ts"
import type { Value } from "./store/value.ts"

export interface EmulatorOptions {
  /** The TCP port. @default 0, any free port */
  port?: number
  /** The address to listen on. @default "127.0.0.1" */
  host?: string
  /** A DuckDB file that keeps the data; it is made if missing. @default in memory */
  file?: string
  /** The one user there is. @default "root" */
  username?: string
  /** @default "" */
  password?: string
  /** Databases that exist from the start; the first is where `query` looks. @default ["events"] */
  databases?: string[]
  /** The largest body of a request, in bytes; one byte more is refused. @default 1_000_000 */
  maxBytes?: number
}

export interface Emulator extends AsyncDisposable {
  /** `http://127.0.0.1:9000`, without a slash at the end. */
  url: string
  host: string
  port: number
  /** The requests answered so far, oldest first; of more than 10,000 only the newest stay. */
  requests: EmulatorRequest[]
  /** Runs a SELECT or SHOW without HTTP, in the same dialect. @param options.database default: the first one */
  query<Row>(sql: string, args?: unknown[], options?: { database?: string }): Promise<Row[]>
  /** Cuts open connections, waits for the statement that runs, and closes the file. */
  close(): Promise<void>
}

/** Starts a Data API on this machine. Rejects where the port is taken or the file cannot be opened. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { port = 0, host = "127.0.0.1", file, databases = ["events"], maxBytes = 1_000_000 } = options
  const { username = "root", password = "" } = options
  const engine = await openEngine(file, databases).catch(error => {
    const advice = "Give a DuckDB file, or the name of a new one in a folder that exists."
    throw new Error(`The file ${file} cannot be opened as a database: ${reason(error)} ${advice}`, {
      cause: error,
    })
  })
  const requests: EmulatorRequest[] = []
  const server = createDataApiServer({ engine, username, password, maxBytes, requests })
  try {
    server.listen(port, host)
    await once(server, "listening")
  } catch (error) {
    await engine.close()
    throw new Error(`The emulator cannot listen on ${host} port ${port}: ${reason(error)}`, { cause: error })
  }

  const address = server.address() as AddressInfo
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= (async () => {
      const ended = once(server, "close")
      server.close()
      server.closeAllConnections()
      await ended
      await engine.close()
    })()
    return closed
  }

  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`,
    host,
    port: address.port,
    requests,
    query: (sql, args = [], { database = databases[0] } = {}) => query(engine, sql, args, database),
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function query<Row>(
  engine: Engine,
  sql: string,
  args: unknown[],
  database: string | undefined,
): Promise<Row[]> {
  // Arguments become what they would be after a trip over HTTP.
  const values: Value[] = JSON.parse(JSON.stringify(args))
  return JSON.parse(await engine.query({ sql, values, database }))
}

/** What to do about the faults that a person can mend, otherwise the first line of what was said. */
function reason(error: unknown): string {
  const { code = "", message = String(error) } = error as NodeJS.ErrnoException
  if (code === "EADDRINUSE") return "something else listens there; stop it, or choose another port."
  if (code === "EADDRNOTAVAIL") return "this machine has no such address; choose another host."
  if (code === "EACCES") return "that needs more rights; choose a port above 1023."
  if (message.includes("Conflicting lock"))
    return "another process has it open; stop that, or choose another file."
  return message.split("\n")[0] ?? ""
}
