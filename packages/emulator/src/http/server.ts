import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { Engine } from "../engine.ts"
import { fromDuckdb, refusal } from "../errors.ts"
import { type Body, readBody } from "./body.ts"
import { createCredentialCheck } from "./credentials.ts"
import { addToLog, type EmulatorRequest } from "./log.ts"
import { type StatementRequest, toStatementRequest } from "./request.ts"

export interface ServerOptions {
  engine: Engine
  username: string
  password: string
  maxBytes: number
  requests: EmulatorRequest[]
}

interface Answer {
  status: number
  text: string
  headers?: Record<string, string>
  rowsAffected?: number
}

type Run = (request: StatementRequest, engine: Engine) => Promise<Answer>

const endpoints: Record<string, Run> = {
  "/api/v2/exec": async ({ sql, args, database }, engine) => {
    const rowsAffected = await engine.execute({ sql, values: args, database })
    return { ...json(JSON.stringify({ lastInsertId: 0, rowsAffected })), rowsAffected }
  },
  "/api/v2/query/rows": async ({ sql, args, database }, engine) => {
    const rows = await engine.query({ sql, values: args, database })
    return json(`{"results":[{"rows":${rows}}]}`)
  },
}

export function createDataApiServer(options: ServerOptions): Server {
  const { engine, username, password, maxBytes, requests } = options
  const check = createCredentialCheck(username, password)

  /** What runs the request, or the answer where that is clear before the body is read. */
  const route = ({ method, headers }: IncomingMessage, path: string): Run | Answer => {
    const run = Object.hasOwn(endpoints, path) ? endpoints[path] : undefined
    if (run === undefined && path !== "/ping") return plain(404, `404 page not found: ${path}`)
    const allow = run === undefined ? "GET" : "POST"
    if (method !== allow) return { ...plain(405, "Method Not Allowed"), headers: { allow } }
    if (run === undefined) return plain(200, "pong")
    const verdict = check(headers.authorization)
    if (verdict !== "accepted") return unauthorized(verdict, username)
    const type = headers["content-type"] ?? ""
    if (type.split(";")[0]?.trim().toLowerCase() === "application/json") return run
    return plain(415, `Content-Type must be application/json, not '${type}'`)
  }

  const answer = async (run: Run, { content }: Body, entry: EmulatorRequest): Promise<Answer> => {
    if (content === undefined) return plain(400, "Error reading request body: http: request body too large")
    const request = toStatementRequest(content)
    entry.sql = request.sql
    return run(request, engine)
  }

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? "/").split("?")[0] ?? "/"
    const entry: EmulatorRequest = { method: request.method ?? "", path, bytes: 0, status: 0 }
    const found = route(request, path)
    const body = await readBody(request, typeof found === "function" ? maxBytes : 0)
    const { rowsAffected, ...reply } =
      typeof found === "function" ? await answer(found, body, entry).catch(toAnswer) : found
    const { status } = reply
    addToLog(requests, {
      ...entry,
      bytes: body.bytes,
      status,
      ...(rowsAffected !== undefined && { rowsAffected }),
    })
    send(response, reply)
  }

  return createServer((request, response) => {
    // Only an upload that breaks off can reject here, and then nobody is left to answer.
    respond(request, response).catch(() => response.destroy())
  })
}

function send(response: ServerResponse, { status, text, headers }: Answer): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", ...headers })
  response.end(text)
}

function json(text: string): Answer {
  return { status: 200, text, headers: { "content-type": "application/json" } }
}

function plain(status: number, text: string): Answer {
  return { status, text }
}

function unauthorized(verdict: "missing" | "wrong", username: string): Answer {
  if (verdict === "wrong") return toAnswer(refusal(1045, username, "YES"))
  return {
    ...plain(401, "Unauthorized"),
    headers: { "www-authenticate": 'Basic realm="SingleStore Data API"' },
  }
}

function toAnswer(error: unknown): Answer {
  const { status, message } = fromDuckdb(error)
  return plain(status, message)
}
