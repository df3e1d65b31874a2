import type { Engine } from "../engine.ts"
import { type Result, toColumnsJson, toRowsJson, toTuplesJson } from "../store/result.ts"
import type { StatementRequest } from "./request.ts"

export interface Answer {
  status: number
  text: string
  headers?: Record<string, string>
  rowsAffected?: number
}

/** What an endpoint does with the body of a request. */
export type Run = (request: StatementRequest, engine: Engine) => Promise<Answer>

/** Every endpoint that takes a statement, by its path. */
export const endpoints: Record<string, Run> = {
  "/api/v1/exec": exec,
  "/api/v1/query/rows": queryRows,
  "/api/v1/query/tuples": queryTuples,
  "/api/v2/exec": exec,
  "/api/v2/query/rows": queryRows,
  "/api/v2/query/tuples": queryTuples,
}

async function exec({ sql, args, database }: StatementRequest, engine: Engine): Promise<Answer> {
  const rowsAffected = await engine.execute({ sql, values: args, database, overHttp: true })
  return { ...json(JSON.stringify({ lastInsertId: 0, rowsAffected })), rowsAffected }
}

async function queryRows({ sql, args, database }: StatementRequest, engine: Engine): Promise<Answer> {
  const result = await engine.query({ sql, values: args, database, overHttp: true })
  return results(`{"rows":${toRowsJson(result)}}`, result)
}

async function queryTuples({ sql, args, database }: StatementRequest, engine: Engine): Promise<Answer> {
  const result = await engine.query({ sql, values: args, database, overHttp: true })
  return results(`{"columns":${toColumnsJson(result)},"rows":${toTuplesJson(result)}}`, result)
}

/** The status is sent before the rows are made, so an error among them can stand in the body only. */
function results(text: string, { error }: Result): Answer {
  return json(`{"results":[${text}]${error === undefined ? "" : `,"error":${JSON.stringify(error.engine)}`}}`)
}

function json(text: string): Answer {
  return { status: 200, text, headers: { "content-type": "application/json" } }
}

export function plain(status: number, text: string): Answer {
  return { status, text }
}
