export const columnTypes = ["TEXT", "LONGTEXT", "DATETIME(6)", "JSON", "BIGINT", "DOUBLE", "BOOLEAN"] as const

/** The SQL types of columns. Each value is checked against its type before it is sent. */
export type ColumnType = (typeof columnTypes)[number]

/** One column of the table: its name, its SQL type, and where in the event its value comes from. */
export interface Column {
  /** The name in the table: 1 to 256 characters, unique regardless of case. */
  readonly name: string
  readonly type: ColumnType
  /**
   * The path in the event: `userId`, `context.page.url`, `` context.`a.b` `` for a key with a dot or a space, `$` for the
   * whole event. The first of several paths that has a value is used.
   */
  readonly from: string | readonly string[]
  /** NOT NULL: an event without a value is rejected. @default false */
  readonly required?: boolean | undefined
  /**
   * What happens to an event whose value does not fit a column that is not required. `null` stores the event with NULL in
   * this column, and counts the value in `stats().nulledValues`. @default "reject"
   */
  readonly onInvalid?: "reject" | "null" | undefined
  /** `id`: the unique key, never blank. `time`: the sort key. At most one column each. */
  readonly role?: "id" | "time" | undefined
}

/**
 * The columns of the events table. Rows, DDL and the forms of hosts are made from this one list.
 *
 * @example
 * const columns = [...defaultColumns, { name: "plan", type: "TEXT", from: "properties.plan" }]
 */
export const defaultColumns: readonly Column[] = [
  { name: "messageId", type: "TEXT", from: "messageId", required: true, role: "id" },
  { name: "timestamp", type: "DATETIME(6)", from: "timestamp", required: true, role: "time" },
  { name: "type", type: "TEXT", from: "type", required: true },
  { name: "event", type: "TEXT", from: "event" },
  { name: "name", type: "TEXT", from: "name" },
  { name: "properties", type: "JSON", from: "properties" },
  { name: "userId", type: "TEXT", from: "userId" },
  { name: "anonymousId", type: "TEXT", from: "anonymousId" },
  { name: "groupId", type: "TEXT", from: "groupId" },
  { name: "traits", type: "JSON", from: ["traits", "context.traits"] },
  { name: "context", type: "JSON", from: "context" },
]
