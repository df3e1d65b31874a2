/** Counts since the sink was made. Always: received = stored + refused + failed + pending. */
export interface Stats {
  /** Events that write() and deliver() were given. */
  received: number
  /** Events that are in the table, duplicates included. */
  stored: number
  /** Stored events whose id was in the table before; after an ambiguous attempt that may be our own first copy. */
  duplicates: number
  refused: number
  failed: number
  /** Events without an outcome yet. */
  pending: number
  /** Requests sent, and the rows and body bytes in them. */
  requests: number
  rows: number
  bytes: number
  /** Requests that were sent again after a DeliveryError. */
  retries: number
  /** Batches that were cut in pieces after an answer. */
  splits: number
  /** Requests that may have been carried out although no answer came. */
  ambiguous: number
  /** Rows that wait for a request at this moment, and their bytes. */
  queuedRows: number
  queuedBytes: number
}

/** What is counted as it happens; the queue is looked at when somebody asks. */
export type Counts = Omit<Stats, "queuedRows" | "queuedBytes">

export function createStats(): Counts {
  return {
    received: 0,
    stored: 0,
    duplicates: 0,
    refused: 0,
    failed: 0,
    pending: 0,
    requests: 0,
    rows: 0,
    bytes: 0,
    retries: 0,
    splits: 0,
    ambiguous: 0,
  }
}
