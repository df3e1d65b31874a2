import type { DataApi } from "@singlesink/data-api"

/** The names that exist in the database. */
export interface Catalog {
  readonly tables: readonly string[]
  readonly views: readonly string[]
}

export async function readCatalog(api: DataApi): Promise<Catalog> {
  const rows = await api.query<{ name: string; kind: string }>(
    "SELECT TABLE_NAME AS name, TABLE_TYPE AS kind FROM information_schema.tables WHERE TABLE_SCHEMA = ?",
    [api.database],
  )
  const isTable = ({ kind }: { kind: string }) => !/view/i.test(kind)
  return {
    tables: rows.filter(isTable).map(({ name }) => name),
    views: rows.filter(row => !isTable(row)).map(({ name }) => name),
  }
}
