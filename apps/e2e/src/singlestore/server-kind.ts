import type { Server } from "@singlesink/conformance"
import { createDataApi } from "@singlesink/data-api"

/** What answers at an address. */
export interface ServerKind {
  isEmulator: boolean
  version: string
}

/** The first look at a server. @throws ConfigError or DeliveryError that says what is wrong with address or credentials */
export async function lookAt(server: Server): Promise<ServerKind> {
  const sql = "SELECT @@memsql_version AS engine, @@version_comment AS remark"
  const [row] = await createDataApi(server).query<{ engine: string; remark: string }>(sql)
  return {
    isEmulator: String(row?.remark).includes("@singlesink/emulator"),
    version: String(row?.engine),
  }
}

/** Whether one version is lower than another, number by number. */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map(text => text.split(".").map(part => Number.parseInt(part, 10) || 0))
  for (const [index, number] of (b ?? []).entries()) {
    const difference = (a?.[index] ?? 0) - number
    if (difference !== 0) return difference < 0
  }
  return false
}
