import type { Column } from "./columns.ts"
import { toColumnName } from "./name.ts"

/** What differs between the two kinds of table. */
export interface Layout {
  /** The words before the table's name. */
  readonly insert: string
  /** Between the tuples of a statement, and between the parts of each. */
  readonly comma: string
  /** Whether the table stores a row once however often it is sent. */
  readonly repeatable: boolean
  /** A time in UTC keeps the digits it came with, instead of six. */
  readonly keepsDigits: boolean
  /** The lines of CREATE TABLE after the columns, and what follows the closing parenthesis. */
  readonly toKeys: (columns: readonly Column[]) => string[]
  readonly idType: string
  readonly tableOptions: string
}

export type LayoutName = "keyed" | "segment"

// Two ids that differ in case only are two events: the key compares bytes, whatever the server's default is.
const binary = " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"

export const layouts: Readonly<Record<LayoutName, Layout>> = {
  keyed: {
    insert: "INSERT IGNORE INTO",
    comma: ",",
    repeatable: true,
    keepsDigits: false,
    toKeys(columns) {
      const id = columns.find(column => column.role === "id")
      const time = columns.find(column => column.role === "time")
      return [
        ...(id ? [`SHARD KEY (${toColumnName(id.name)})`] : []),
        ...(time ? [`SORT KEY (${toColumnName(time.name)})`] : []),
        ...(id ? [`UNIQUE KEY (${toColumnName(id.name)}) USING HASH`] : []),
      ]
    },
    idType: binary,
    tableOptions: "SQL_MODE='STRICT_ALL_TABLES'",
  },
  // As Segment's own destination makes and fills its table, for tables that exist already.
  segment: {
    insert: "INSERT INTO",
    comma: ", ",
    repeatable: false,
    keepsDigits: true,
    toKeys: () => ["SHARD KEY ()"],
    idType: "",
    tableOptions:
      "AUTOSTATS_CARDINALITY_MODE=PERIODIC AUTOSTATS_HISTOGRAM_MODE=CREATE SQL_MODE='STRICT_ALL_TABLES'",
  },
}
