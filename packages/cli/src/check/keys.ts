import type { Column } from "@singlesink/core"
import type { Settings } from "../settings/settings.ts"
import type { TableShape } from "../table/shape.ts"
import { type Finding, failed, ok, skipped, warning } from "./finding.ts"

type Keyed = Pick<Settings, "columns" | "deduplicate">

const nameOf = (columns: readonly Column[], role: Column["role"]) =>
  columns.find(column => column.role === role)?.name

const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase()

/** Whether the table stores each id once, and drops nothing else. */
export function checkUniqueKey({ keys }: TableShape, { columns, deduplicate }: Keyed): Finding {
  const unique = keys.filter(({ kind }) => kind === "unique")
  const [first] = unique
  if (!deduplicate) {
    return first === undefined
      ? warning("The table has no unique key: a retry after an unclear answer can store an event twice.")
      : warning(
          `The table has a unique key on ${list(first.columns)}, so it can deduplicate. Remove --no-deduplicate: each repeated row would be looked for one request at a time.`,
        )
  }
  const id = nameOf(columns, "id") ?? ""
  if (first === undefined) {
    return failed(
      `The table has no unique key, so INSERT IGNORE does not deduplicate and retries double rows. A key cannot be added to the table: \`singlesink migrate\` copies the rows to a new one. Or pass --no-deduplicate.`,
    )
  }
  const other = unique.find(key => !key.columns.some(column => same(column, id)))
  if (other !== undefined) {
    return failed(
      `The unique key on ${list(other.columns)} does not contain ${id}: INSERT IGNORE drops different events that share it. Use a table whose only unique key is ${id}: \`singlesink migrate\`.`,
    )
  }
  const shard = keys.find(({ kind }) => kind === "shard")
  const outside = shard?.columns.filter(column => !first.columns.some(part => same(part, column))) ?? []
  if (outside.length > 0) {
    return failed(
      `The unique key on ${list(first.columns)} does not contain the shard key ${list(outside)}, so it holds only within a partition. Use a new table: \`singlesink migrate\`.`,
    )
  }
  if (!unique.some(key => key.columns.length === 1)) {
    const rest = first.columns.filter(column => !same(column, id))
    return warning(
      `The unique key is ${list(first.columns)}: the same ${id} with another ${list(rest)} is stored again.`,
    )
  }
  return ok(
    `Unique by ${id}${shard === undefined || shard.columns.length === 0 ? "" : `, sharded by ${list(shard.columns)}`}.`,
  )
}

export function checkSortKey({ keys, isRowstore }: TableShape, { columns }: Keyed): Finding {
  const time = nameOf(columns, "time")
  if (time === undefined) return skipped('No column has the role "time".')
  if (isRowstore) return skipped("A rowstore table has no sort key.")
  const sort = keys.find(({ kind }) => kind === "sort")
  const [first] = sort?.columns ?? []
  if (first !== undefined && same(first, time)) return ok(`Sorted by ${time}.`)
  const found = first === undefined ? "no sort key" : `the sort key ${list(sort?.columns ?? [])}`
  return warning(
    `The table has ${found} instead of ${time}: queries by time read all rows. \`singlesink migrate\` copies the rows to a sorted table.`,
  )
}

/** Whether ids that differ in case only are different events. */
export function checkCollation({ columns: found }: TableShape, { columns, deduplicate }: Keyed): Finding {
  const id = nameOf(columns, "id")
  if (id === undefined || !deduplicate) return skipped("Without deduplication no key is compared.")
  const collation = found.find(({ name }) => same(name, id))?.collation
  if (collation === undefined) return skipped(`The server does not name the collation of ${id}.`)
  return /_bin$/.test(collation)
    ? ok(`${id} is compared by its bytes (${collation}).`)
    : warning(
        `${id} has the collation ${collation}: ids that differ only in case are one event. A new table has utf8mb4_bin: \`singlesink migrate\`.`,
      )
}

const list = (names: readonly string[]) => names.join(", ")
