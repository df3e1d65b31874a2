import type { Engine } from "../engine.ts"
import { toRowsJson } from "../store/result.ts"
import type { StatementRequest } from "./request.ts"

export interface Answer {
  status: number
  text: string
  headers?: Record<string, string>
  rowsAffected?: number
}

/** Runs the statement of a request. */
export type Run = (request: StatementRequest, engine: Engine) => Promise<Answer>

/** The endpoints that take a statement, by path. */
export const endpoints: Record<string, Run> = {
  "/api/v2/exec": exec,
  "/api/v2/query/rows": queryRows,
}

async function exec({ sql, args, database }: StatementRequest, engine: Engine): Promise<Answer> {
  const rowsAffected = await engine.execute({ sql, values: args, database, overHttp: true })
  return { ...json(JSON.stringify({ lastInsertId: 0, rowsAffected })), rowsAffected }
}

/** The server sends the status before it makes the rows, so a later error can only be in the body. */
async function queryRows({ sql, args, database }: StatementRequest, engine: Engine): Promise<Answer> {
  const result = await engine.query({ sql, values: args, database, overHttp: true })
  const error = result.error === undefined ? "" : `,"error":${JSON.stringify(result.error.engine)}`
  return json(`{"results":[{"rows":${toRowsJson(result)}}]${error}}`)
}

function json(text: string): Answer {
  return { status: 200, text, headers: { "content-type": "application/json" } }
}

export function plain(status: number, text: string): Answer {
  return { status, text }
}
