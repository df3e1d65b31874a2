/** Counts since the sink was created. At every moment: received = stored + rejected + failed + pending. */
export interface Stats {
  /** Events passed to write() and writeBatch(). */
  received: number
  /** Events that are in the table, duplicates included. */
  stored: number
  /** Stored events whose id was in the table before, including copies written by an earlier attempt whose answer was lost. */
  duplicates: number
  /** Values that were stored as NULL because they do not fit a column with `onInvalid: "null"`. */
  nulledValues: number
  /** Events that violate their schema, whether they are rejected or stored. */
  violations: number
  /** Events that can never be stored. */
  rejected: number
  /** Events that are not stored, and whose error is a ConfigError or a DeliveryError. */
  failed: number
  /** Events without an outcome. */
  pending: number
  /** Requests sent. */
  requests: number
  /** Rows sent, counted once for each request. */
  rows: number
  /** Bytes of request bodies sent. */
  bytes: number
  /** Requests that repeated one that had failed with a DeliveryError. */
  retries: number
  /** Batches that were split after an answer. */
  splits: number
  /** Requests that may have been committed although no answer confirmed it. */
  ambiguous: number
  /** Rows that wait for a request at this moment. */
  queuedRows: number
  /** The bytes of those rows. */
  queuedBytes: number
}

/** What is counted as it happens; the batcher knows the queue. */
export type Counts = Omit<Stats, "queuedRows" | "queuedBytes">

export function createStats(): Counts {
  return {
    received: 0,
    stored: 0,
    duplicates: 0,
    nulledValues: 0,
    violations: 0,
    rejected: 0,
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
