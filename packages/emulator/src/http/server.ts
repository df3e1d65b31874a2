import type { IncomingMessage, RequestListener } from "node:http"
import type { Engine } from "../engine.ts"
import { fromDuckdb, refusal } from "../errors.ts"
import { afterRun, beforeBody, bytesToRead, type Ending, insteadOfRun, takeStrike } from "../faults/act.ts"
import { createConditions, tooLarge } from "../faults/conditions.ts"
import type { Control } from "../faults/control.ts"
import type { Elsewhere } from "../faults/elsewhere.ts"
import type { Strike } from "../faults/fault.ts"
import type { Faults } from "../faults/faults.ts"
import { type Body, readBody } from "./body.ts"
import { createCredentialCheck } from "./credentials.ts"
import { type Answer, endpoints, plain, type Run } from "./endpoints.ts"
import { addToLog, type EmulatorRequest } from "./log.ts"
import { isJson, toStatementRequest } from "./request.ts"
import { send } from "./send.ts"

export interface DataApiOptions {
  engine: Engine
  username: string
  password: string
  maxBytes: number
  requests: EmulatorRequest[]
  faults: Faults
  control: Control
  elsewhere: Elsewhere
}

/** Answers the requests of a server. */
export function createDataApi(options: DataApiOptions): RequestListener {
  const { engine, username, password, maxBytes, requests, faults, control, elsewhere } = options
  const check = createCredentialCheck(username, password)
  const conditions = createConditions(faults)
  const usedConnections = new WeakSet<object>()

  /** The refusal of credentials that are not right, or not any more. */
  const refuseAccess = ({ headers }: IncomingMessage, entry?: EmulatorRequest): Answer | undefined => {
    const verdict = check(headers.authorization)
    if (verdict === "missing") return unauthorized
    const isWrong = verdict === "wrong" || (entry !== undefined && conditions.passwordChanged(entry))
    return isWrong ? toAnswer(refusal(1045, username, "YES")) : undefined
  }

  /** What runs the request, or the answer where no statement has to run. */
  const route = (request: IncomingMessage, entry: EmulatorRequest): Run | Answer => {
    const { path } = entry
    const run = Object.hasOwn(endpoints, path) ? endpoints[path] : undefined
    if (run === undefined && path !== "/ping") return plain(404, `404 page not found: ${path}`)
    const allow = run === undefined ? "GET" : "POST"
    if (request.method !== allow) return { ...plain(405, "Method Not Allowed"), headers: { allow } }
    if (run === undefined) return plain(200, "pong")
    const refused = refuseAccess(request, entry)
    if (refused !== undefined) return refused
    if (isJson(request.headers)) return run
    return plain(415, `Content-Type must be application/json, not '${request.headers["content-type"] ?? ""}'`)
  }

  const answer = async (
    request: IncomingMessage,
    { content }: Body,
    entry: EmulatorRequest,
  ): Promise<Answer> => {
    const run = route(request, entry)
    if (typeof run !== "function") return run
    const refused = conditions.refuseBody(entry)
    if (refused !== undefined) return refused
    if (content === undefined) return tooLarge
    const statement = toStatementRequest(content)
    entry.sql = statement.sql
    return conditions.refuseStatement(entry, statement) ?? run(statement, engine)
  }

  /** The way of a request, and the points where a fault may step in. */
  const handle = async (
    request: IncomingMessage,
    entry: EmulatorRequest,
    strike: Strike | undefined,
  ): Promise<Ending> => {
    const early = beforeBody(strike)
    if (early !== undefined) return early
    const body = await readBody(request, maxBytes, bytesToRead(request, strike))
    entry.bytes = body.bytes
    const instead = insteadOfRun(strike, elsewhere.address(entry.path))
    if (instead !== undefined) return instead
    const { rowsAffected, ...reply } = await answer(request, body, entry).catch(toAnswer)
    if (rowsAffected !== undefined) entry.rowsAffected = rowsAffected
    return afterRun(strike) ?? reply
  }

  const respond: (...exchange: Parameters<RequestListener>) => Promise<void> = async (request, response) => {
    const path = (request.url ?? "/").split("?")[0] ?? "/"
    const connectionUsed = usedConnections.has(request.socket)
    usedConnections.add(request.socket)
    if (path.startsWith("/_emulator/")) {
      return send(response, refuseAccess(request) ?? (await control(request, path)))
    }
    const strike = takeStrike(faults, path, connectionUsed)
    const entry: EmulatorRequest = { method: request.method ?? "", path, bytes: 0, status: 0 }
    if (strike !== undefined) entry.fault = strike.kind
    const ending = await handle(request, entry, strike)
    if (typeof ending === "object") entry.status = ending.status
    addToLog(requests, entry)
    await send(response, ending, strike)
  }

  return (request, response) => {
    // Only an upload that breaks off, or a client that does not wait, can reject here: nobody is left to answer.
    respond(request, response).catch(() => response.destroy())
  }
}

const unauthorized: Answer = {
  ...plain(401, "Unauthorized"),
  headers: { "www-authenticate": 'Basic realm="SingleStore Data API"' },
}

function toAnswer(error: unknown): Answer {
  const { status, message } = fromDuckdb(error)
  return plain(status, message)
}
