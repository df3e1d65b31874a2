import type { ConfigError, DeliveryError, SinkError } from "./errors.ts"

/** One insert, ready to be sent. */
export interface InsertRequest {
  /** The JSON body for the Data API's `exec` endpoint. */
  body: string
  /** The exact length of `body` in UTF-8 bytes. */
  bytes: number
  /** The number of rows in `body`. */
  rows: number
  /** Whether sending the request twice leaves the table as sending it once does. */
  idempotent: boolean
}

/**
 * The result of one insert. `inserted`: committed, and `rowsAffected` rows are new. `too_large`: nothing was stored
 * because the request exceeds a size limit, so it can be sent in smaller pieces; a single row fails with `error`, or is
 * rejected with `row_too_large` without one. `error`: see the error.
 */
export type InsertResult =
  | { status: "inserted"; rowsAffected: number }
  | { status: "too_large"; error?: ConfigError | DeliveryError }
  | { status: "error"; error: SinkError }

/**
 * What sends inserts to the database: core's only way out. `createDataApi` of @singlesink/data-api returns one.
 *
 * @example
 * const transport: Transport = {
 *   database: "events",
 *   async send({ body }) {
 *     const response = await fetch(`${url}/api/v2/exec`, { method: "POST", headers, body })
 *     if (response.ok) return { status: "inserted", ...(await response.json()) }
 *     const error = new DeliveryError({ code: "server_unavailable", message: "The server failed." })
 *     return { status: "error", error }
 *   },
 * }
 */
export interface Transport {
  /** The database that inserts go to. */
  readonly database: string
  /** Resolves to the result of the insert. It must not reject: a rejection fails the rows with `invalid_transport`. */
  send(request: InsertRequest): Promise<InsertResult>
}
