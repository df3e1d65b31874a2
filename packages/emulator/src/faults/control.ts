import type { IncomingMessage } from "node:http"
import { readBody } from "../http/body.ts"
import { type Answer, plain } from "../http/endpoints.ts"
import { isJson } from "../http/request.ts"
import type { Fail } from "./fail.ts"
import type { Faults } from "./faults.ts"

/** The faults over HTTP: POST one, GET all, DELETE all or one. No fault and no log has to do with it. */
export type Control = (request: IncomingMessage, path: string) => Promise<Answer>

const maxBytes = 1_000_000

/** Credentials are checked by whoever calls this. */
export function createControl(faults: Faults, fail: Fail): Control {
  const add = async ({ headers }: IncomingMessage, content: Buffer | undefined): Promise<Answer> => {
    if (!isJson(headers)) return plain(415, "Content-Type must be application/json")
    if (content === undefined) return plain(400, `A fault must have at most ${maxBytes} bytes.`)
    try {
      const { id } = await fail(JSON.parse(content.toString("utf8")))
      return json(201, { id })
    } catch (error) {
      if (error instanceof SyntaxError) return plain(400, "A fault must be JSON.")
      if (error instanceof TypeError) return plain(400, error.message)
      throw error
    }
  }

  return async (request, path) => {
    const { content } = await readBody(request, maxBytes)
    const found = /^\/_emulator\/faults(?:\/(\d+))?$/.exec(path)
    if (found === null) return plain(404, `404 page not found: ${path}`)
    const [, id] = found
    if (request.method === "DELETE") {
      if (id === undefined) faults.stopAll()
      else if (!faults.stop(Number(id))) return plain(404, `There is no fault ${id}.`)
      return plain(204, "")
    }
    if (id === undefined && request.method === "GET") return json(200, faults.list())
    if (id === undefined && request.method === "POST") return add(request, content)
    const allow = id === undefined ? "GET, POST, DELETE" : "DELETE"
    return { ...plain(405, "Method Not Allowed"), headers: { allow } }
  }
}

function json(status: number, content: unknown): Answer {
  return { ...plain(status, JSON.stringify(content)), headers: { "content-type": "application/json" } }
}
