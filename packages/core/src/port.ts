/** One insert, ready to be sent. */
export interface InsertRequest {
  /** The JSON body for the Data API's `exec`. */
  body: string
  /** Its exact length in UTF-8 bytes. */
  bytes: number
  rows: number
  /** Whether sending it twice leaves the table as sending it once does. */
  repeatable: boolean
}

/** `rowsAffected`: the rows that were not there before. `tooLarge`: nothing was stored, send it in smaller pieces. */
export type InsertReply = { rowsAffected: number } | { tooLarge: true }

/** Core's only way out: whatever carries an insert to the database. createDataApi of @singlesink/data-api returns one. */
export interface SinkApi {
  /** The database that inserts go to. */
  readonly database: string
  /** @throws EventError, ConfigError or DeliveryError, and nothing else. */
  send(request: InsertRequest): Promise<InsertReply>
}
