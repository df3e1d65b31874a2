import { type Engine, openEngine } from "./engine.ts"
import { createControl } from "./faults/control.ts"
import { createElsewhere, type RedirectedRequest, toOrigin } from "./faults/elsewhere.ts"
import { createFail, type FaultHandle, toHandle } from "./faults/fail.ts"
import type { Fault } from "./faults/fault.ts"
import { createFaults } from "./faults/faults.ts"
import type { Privilege } from "./grants.ts"
import { listen } from "./http/listen.ts"
import type { EmulatorRequest } from "./http/log.ts"
import { createDataApi } from "./http/server.ts"
import { toRowsJson } from "./store/result.ts"
import type { Value } from "./store/value.ts"
import { createTransport, type EmulatorTls, type TlsOption } from "./tls/tls.ts"

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
  /** HTTPS, with a certificate that is in order or has one fault. @default plain HTTP */
  tls?: TlsOption
  /** What the user may do, on all tables; read anew for every statement that comes over HTTP. @default everything */
  grants?: readonly Privilege[]
  /** Whether `INSERT IGNORE` makes values fit, as in MySQL, where it otherwise refuses them. @default false */
  ignoreSoftens?: boolean
  /** Where the drawing of faults with a `chance` starts; the same seed draws the same. @default 1 */
  seed?: number
}

export interface Emulator extends AsyncDisposable {
  /** `http://127.0.0.1:9000`, or with https; without a slash at the end. */
  url: string
  host: string
  port: number
  /** The authority to trust and a client's certificate, where the option `tls` is set. */
  tls: EmulatorTls | undefined
  /** The requests so far, oldest first; of more than 10,000 only the newest stay. */
  requests: EmulatorRequest[]
  /** The requests that followed a fault `redirect`. */
  redirected: RedirectedRequest[]
  /** Puts a fault in force. Rejects with a TypeError that says in one sentence what is wrong with it. */
  fail(fault: Fault): Promise<FaultHandle>
  /** Stops all faults. What they did to tables stays done. */
  mend(): void
  /** Runs a SELECT or SHOW without HTTP, whatever the grants, in the same dialect. @param options.database default: the first one */
  query<Row>(sql: string, args?: unknown[], options?: { database?: string }): Promise<Row[]>
  /** Cuts open connections, waits for the statement that runs, and closes the file. */
  close(): Promise<void>
}

/** Starts a Data API on this machine. Rejects where the port is taken or the file cannot be opened. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { port = 0, host = "127.0.0.1", file, databases = ["events"], maxBytes = 1_000_000 } = options
  const { username = "root", password = "", seed = 1 } = options
  const { grants, ignoreSoftens = false } = options
  const transport = await createTransport(options.tls, host)
  const engine = await openEngine({ file, databases, username, grants, ignoreSoftens }).catch(error => {
    const advice = "Give a DuckDB file, or the name of a new one in a folder that exists."
    throw new Error(`The file ${file} cannot be opened as a database: ${reason(error)} ${advice}`, {
      cause: error,
    })
  })
  const requests: EmulatorRequest[] = []
  const faults = createFaults(seed)
  const elsewhere = createElsewhere(transport, host)
  const fail = createFail({ faults, engine, elsewhere, database: databases[0] })
  const control = createControl(faults, fail)
  const api = createDataApi({ engine, username, password, maxBytes, requests, faults, control, elsewhere })
  const listener = await listen(transport.createServer(api), port, host).catch(async error => {
    await engine.close()
    throw new Error(`The emulator cannot listen on ${host} port ${port}: ${reason(error)}`, { cause: error })
  })

  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= (async () => {
      await Promise.all([listener.close(), elsewhere.close()])
      await engine.close()
    })()
    return closed
  }

  return {
    url: toOrigin(transport.scheme, host, listener.port),
    host,
    port: listener.port,
    tls: transport.tls,
    requests,
    redirected: elsewhere.requests,
    fail: async fault => toHandle(faults, await fail(fault)),
    mend: faults.stopAll,
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
  const result = await engine.query({ sql, values, database })
  if (result.error !== undefined) throw result.error
  return JSON.parse(toRowsJson(result))
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
