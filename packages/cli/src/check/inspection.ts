import { isSinkError, type SinkError } from "@singlesink/core"
import type { DataApi } from "@singlesink/data-api"
import type { Database } from "../database.ts"
import type { Settings } from "../settings/settings.ts"
import { readShape, type TableShape } from "../table/shape.ts"

/** What the checks look at. Each request that several checks need is sent once. */
export interface Inspection {
  readonly api: DataApi
  readonly settings: Settings
  /** The server for people. */
  readonly serverName: string
  /** The error of a request that needs neither credentials nor a database. */
  readonly ping: () => Promise<SinkError | undefined>
  /** The error of the simplest query. */
  readonly select: () => Promise<SinkError | undefined>
  readonly shape: () => Promise<TableShape>
}

export function createInspection({ api, name }: Database, settings: Settings): Inspection {
  return {
    api,
    settings,
    serverName: name,
    ping: once(() => errorOf(api.ping())),
    select: once(() => errorOf(api.query("SELECT 1 AS one"))),
    shape: once(() => readShape(api, settings.table)),
  }
}

function once<Result>(run: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined
  return () => (result ??= run())
}

/** The error that a request ends with, if it does. */
export async function errorOf(request: Promise<unknown>): Promise<SinkError | undefined> {
  try {
    await request
    return undefined
  } catch (error) {
    if (isSinkError(error)) return error
    throw error
  }
}
