import type { IncomingMessage, RequestListener, ServerResponse } from "node:http"
import type { Engine } from "../engine.ts"
import { fromDuckdb, refusal } from "../errors.ts"
import { findBadRow } from "../faults/bad-row.ts"
import type { RequestFault } from "../faults/fault.ts"
import type { Faults } from "../faults/faults.ts"
import {
  bytesToRead,
  type Ending,
  endAt,
  proxyTooLarge,
  takeRequestFault,
  toGivenAnswer,
} from "../faults/inject.ts"
import type { RedirectTarget } from "../faults/redirect-target.ts"
import { type Body, readBody } from "./body.ts"
import { type Answer, endpoints, plain, type Run } from "./endpoints.ts"
import { addToLog, type EmulatorRequest } from "./log.ts"
import { hasCredentials, isJson, type StatementRequest, toStatementRequest } from "./request.ts"
import { send } from "./send.ts"

export interface RequestHandlerOptions {
  engine: Engine
  username: string
  password: string
  maxBytes: number
  requests: EmulatorRequest[]
  faults: Faults
  redirectTarget: RedirectTarget
}

/** Answers the requests of a server. */
export function createRequestHandler(options: RequestHandlerOptions): RequestListener {
  const { engine, username, password, maxBytes, requests, faults, redirectTarget } = options
  const usedConnections = new WeakSet<object>()

  /** Returns the endpoint to run, or the answer if no statement has to run. */
  const route = ({ method, headers }: IncomingMessage, path: string): Run | Answer => {
    const run = Object.hasOwn(endpoints, path) ? endpoints[path] : undefined
    if (run === undefined && path !== "/ping") return plain(404, `404 page not found: ${path}`)
    const allow = run === undefined ? "GET" : "POST"
    if (method !== allow) return { ...plain(405, "Method Not Allowed"), headers: { allow } }
    if (run === undefined) return plain(200, "pong")
    if (headers.authorization === undefined) return unauthorized
    if (!hasCredentials(headers.authorization, username, password))
      return toAnswer(refusal(1045, username, "YES"))
    if (isJson(headers)) return run
    return plain(415, `Content-Type must be application/json, not '${headers["content-type"] ?? ""}'`)
  }

  // A fault of the whole request stays in the log, because the client sees its answer.
  const refuseBody = (entry: EmulatorRequest): Answer | undefined => {
    const fault = faults.take(["body_limit"], entry.path, ({ maxBytes }) => entry.bytes > maxBytes)
    if (fault === undefined) return undefined
    entry.fault ??= fault.kind
    return fault.status === 413 ? proxyTooLarge : tooLarge
  }

  const refuseRows = (entry: EmulatorRequest, { sql, args }: StatementRequest): Answer | undefined => {
    let bad: number | undefined
    const fault = faults.take(["reject_rows"], entry.path, fault => {
      bad = findBadRow(sql, args, fault)
      return bad !== undefined
    })
    if (fault === undefined) return undefined
    entry.fault ??= fault.kind
    return toGivenAnswer(fault.body === undefined ? { engineCode: 1366, ...fault } : fault, bad)
  }

  const answer = async (
    request: IncomingMessage,
    { content }: Body,
    entry: EmulatorRequest,
  ): Promise<Answer> => {
    const run = route(request, entry.path)
    if (typeof run !== "function") return run
    const refused = refuseBody(entry)
    if (refused !== undefined) return refused
    if (content === undefined) return tooLarge
    const statement = toStatementRequest(content)
    entry.sql = statement.sql
    return refuseRows(entry, statement) ?? run(statement, engine)
  }

  /** Handles one request, with the points at which a fault can end it. */
  const handle = async (
    request: IncomingMessage,
    entry: EmulatorRequest,
    fault: RequestFault | undefined,
  ): Promise<Ending> => {
    const redirectUrl = redirectTarget.url(entry.path)
    const beforeBody = endAt("start", fault, redirectUrl)
    if (beforeBody !== undefined) return beforeBody
    const body = await readBody(request, maxBytes, bytesToRead(request, fault))
    entry.bytes = body.bytes
    const beforeRun = endAt("body", fault, redirectUrl)
    if (beforeRun !== undefined) return beforeRun
    const { rowsAffected, ...reply } = await answer(request, body, entry).catch(toAnswer)
    if (rowsAffected !== undefined) entry.rowsAffected = rowsAffected
    return endAt("commit", fault, redirectUrl) ?? reply
  }

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? "/").split("?")[0] ?? "/"
    const fault = takeRequestFault(faults, path, usedConnections.has(request.socket))
    usedConnections.add(request.socket)
    const entry: EmulatorRequest = { method: request.method ?? "", path, bytes: 0, status: 0 }
    if (fault !== undefined) entry.fault = fault.kind
    const ending = await handle(request, entry, fault)
    if (typeof ending === "object") entry.status = ending.status
    addToLog(requests, entry)
    await send(response, ending, fault)
  }

  return (request, response) => {
    // This rejects only if the client has left or aborted its upload, so an answer cannot be sent.
    respond(request, response).catch(() => response.destroy())
  }
}

const tooLarge: Answer = plain(400, "Error reading request body: http: request body too large")

const unauthorized: Answer = {
  ...plain(401, "Unauthorized"),
  headers: { "www-authenticate": 'Basic realm="SingleStore Data API"' },
}

function toAnswer(error: unknown): Answer {
  const { status, message } = fromDuckdb(error)
  return plain(status, message)
}
