/** The mapped event: a value for each column, where it goes, and how it is sent. */
export interface Payload {
  readonly [field: string]: unknown
  readonly database?: string
  readonly table?: string
  readonly max_batch_size?: unknown
}
