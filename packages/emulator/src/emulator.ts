import { openEngine } from "./engine.ts"
import { checkFault } from "./faults/check.ts"
import type { Fault } from "./faults/fault.ts"
import { createFaults, type FaultHandle } from "./faults/faults.ts"
import { isRedirect } from "./faults/inject.ts"
import { createRedirectTarget, type RedirectedRequest, toOrigin } from "./faults/redirect-target.ts"
import type { Privilege } from "./grants.ts"
import { listen } from "./http/listen.ts"
import type { EmulatorRequest } from "./http/log.ts"
import { createRequestHandler } from "./http/server.ts"
import { toRowsJson } from "./store/result.ts"
import type { Value } from "./store/value.ts"
import { createTransport, type EmulatorTls, type TlsOption } from "./tls/tls.ts"

/** The options of `startEmulator`. */
export interface EmulatorOptions {
  /** The TCP port. @default 0, any free port */
  port?: number
  /** The address to listen on. @default "127.0.0.1" */
  host?: string
  /** A DuckDB file that keeps the data, created if it is missing. @default in memory */
  file?: string
  /** The only user. @default "root" */
  username?: string
  /** @default "" */
  password?: string
  /** Databases to create if they are missing. The first is the default of `exec` and `query`. @default ["events"] */
  databases?: string[]
  /** The size of the largest request body, in bytes. @default 1_000_000 */
  maxBytes?: number
  /** Serves HTTPS with a valid certificate, or with one that has a single defect. @default plain HTTP */
  tls?: TlsOption
  /** The privileges of the user on all tables. Every request reads the array again. @default all */
  grants?: readonly Privilege[]
  /** Whether `INSERT IGNORE` changes values to fit their column, as in MySQL, instead of refusing them. @default false */
  insertIgnoreCoerces?: boolean
  /** The seed of faults with a `chance`: the same seed draws the same numbers. @default 1 */
  seed?: number
}

/** A Data API that runs in this process, its data and its faults. */
export interface Emulator extends AsyncDisposable {
  /** The base URL without a slash at the end, such as `http://127.0.0.1:9000`. */
  url: string
  host: string
  port: number
  /** The authority to trust and a client certificate, if the option `tls` is set. */
  tls: EmulatorTls | undefined
  /** The newest 10,000 requests, oldest first. */
  requests: EmulatorRequest[]
  /** The requests that followed a redirect of a `respond` fault. */
  redirected: RedirectedRequest[]
  /** Injects a fault. Rejects with a TypeError if the fault is not valid. */
  injectFault(fault: Fault): Promise<FaultHandle>
  /** Ends all faults. */
  clearFaults(): void
  /** Runs a statement without a result, without HTTP and with all privileges. @param options.database default: the first */
  exec(sql: string, args?: unknown[], options?: { database?: string }): Promise<{ rowsAffected: number }>
  /** Runs a SELECT or SHOW without HTTP and with all privileges. @param options.database default: the first */
  query<Row>(sql: string, args?: unknown[], options?: { database?: string }): Promise<Row[]>
  /** Closes open connections, waits for the running statement, and closes the file. */
  close(): Promise<void>
}

/**
 * Starts a Data API on this machine. Rejects if the port is taken or the file cannot be opened.
 * @example
 * const emulator = await startEmulator()
 * await emulator.exec("CREATE TABLE users (id TEXT, SHARD KEY (id))")
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { port = 0, host = "127.0.0.1", file, databases = ["events"], maxBytes = 1_000_000 } = options
  const { username = "root", password = "", seed = 1, grants, insertIgnoreCoerces = false } = options
  const transport = await createTransport(options.tls, host)
  const engine = await openEngine({ file, databases, username, grants, insertIgnoreCoerces }).catch(cause => {
    const advice = "Choose a DuckDB file, or a new file in an existing folder."
    throw new Error(`The file ${file} cannot be opened as a database: ${toReason(cause)} ${advice}`, {
      cause,
    })
  })
  const requests: EmulatorRequest[] = []
  const faults = createFaults(seed)
  const redirectTarget = createRedirectTarget(transport, host)
  const handler = createRequestHandler({
    ...{ engine, username, password, maxBytes, requests, faults, redirectTarget },
  })
  const listener = await listen(transport.createServer(handler), port, host).catch(async cause => {
    await engine.close()
    throw new Error(`The emulator cannot listen on ${host} port ${port}: ${toReason(cause)}`, { cause })
  })

  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= (async () => {
      await Promise.all([listener.close(), redirectTarget.close()])
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
    redirected: redirectTarget.requests,
    async injectFault(input) {
      const fault = checkFault(input)
      if (isRedirect(fault)) await redirectTarget.start()
      return faults.add(fault)
    },
    clearFaults: faults.clear,
    async exec(sql, args = [], { database = databases[0] } = {}) {
      return { rowsAffected: await engine.execute({ sql, values: toValues(args), database }) }
    },
    async query(sql, args = [], { database = databases[0] } = {}) {
      const result = await engine.query({ sql, values: toValues(args), database })
      if (result.error !== undefined) throw result.error
      return JSON.parse(toRowsJson(result))
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Converts arguments as a trip over HTTP would. */
function toValues(args: unknown[]): Value[] {
  return JSON.parse(JSON.stringify(args))
}

/** Returns what to do about a known error, otherwise the first line of its message. */
function toReason(error: unknown): string {
  const { code = "", message = String(error) } = error as NodeJS.ErrnoException
  if (code === "EADDRINUSE") return "the port is taken. Stop the other server, or choose another port."
  if (code === "EADDRNOTAVAIL") return "this machine does not have that address. Choose another host."
  if (code === "EACCES") return "the port needs more rights. Choose a port above 1023."
  if (message.includes("Conflicting lock"))
    return "another process has it open. Stop that process, or choose another file."
  return message.split("\n")[0] ?? ""
}
