import type { NamedKey, Table } from "./table.ts"

/** A line of SHOW INDEX and information_schema.statistics: one column of one key. */
export interface KeyColumn {
  unique: boolean
  name: string
  /** Counted from 1. */
  place: number
  column: string
  nullable: boolean
  kind: string
}

/** The keys as the engine names them, in the order in which they were written. */
export function shownKeys(table: Table): NamedKey[] {
  const keys = table.keys.map(key => ({ ...key, name: shownName(key) }))
  const primary = keys.find(key => key.kind === "primary")
  const hasShard = keys.some(key => key.kind === "shard")
  // Without a shard key of its own, a table lies by its primary key.
  if (primary === undefined || hasShard) return keys
  return [...keys, { kind: "shard", name: shardName, columns: primary.columns }]
}

export function keyColumns(table: Table): KeyColumn[] {
  return shownKeys(table).flatMap(key =>
    key.columns.map((column, index) => ({
      unique: key.kind === "primary" || key.kind === "unique",
      name: key.name,
      place: index + 1,
      column,
      nullable: table.columns.some(({ name, nullable }) => name === column && nullable),
      kind: kinds[key.kind],
    })),
  )
}

const shardName = "__SHARDKEY"

const kinds: Record<NamedKey["kind"], string> = {
  primary: "COLUMNSTORE HASH",
  unique: "COLUMNSTORE HASH",
  index: "COLUMNSTORE HASH",
  shard: "METADATA_ONLY",
  sort: "CLUSTERED COLUMNSTORE",
}

function shownName({ kind, name, columns }: NamedKey): string {
  if (kind === "shard") return shardName
  return kind === "sort" ? (columns[0] ?? "__UNORDERED") : name
}
