import type { Server } from "@singlesink/conformance"
import { createDataApi } from "@singlesink/data-api"

/** The kind of server behind an address. */
export interface ServerKind {
  isEmulator: boolean
  version: string
}

/** Connects for the first time. @throws ConfigError or DeliveryError if the address or the credentials are wrong */
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
