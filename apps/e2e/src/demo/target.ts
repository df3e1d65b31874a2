import { randomUUID } from "node:crypto"
import type { Server } from "@singlesink/conformance"
import { createTableSql } from "@singlesink/core"
import { createDataApi, type DataApi } from "@singlesink/data-api"
import { undiciFetch } from "@singlesink/data-api/undici"
import { type Emulator, startEmulator } from "@singlesink/emulator"
import type { DemoOptions } from "./options.ts"

/** The table that the demo fills, and a client to query it. */
export interface Target extends Server {
  /** The name that the demo prints. */
  name: string
  table: string
  api: DataApi
  /** Drops the table on the user's server, or closes the emulator. */
  close(): Promise<void>
}

/** Opens the user's server or a separate emulator, and creates the table. */
export async function openTarget({ server, port }: DemoOptions): Promise<Target> {
  if (server !== undefined) {
    const table = `singlesink_demo_${randomUUID().slice(0, 8)}`
    return createTable(server, { name: server.url, table, drop: true })
  }
  const emulator = await startEmulator({ port, username: "demo", password: "demo", databases: ["events"] })
  const ours: Server = { url: emulator.url, username: "demo", password: "demo", database: "events" }
  return createTable(ours, {
    name: `the emulator at ${emulator.url}`,
    table: "segment_data",
    drop: false,
    emulator,
  })
}

interface Naming {
  name: string
  table: string
  drop: boolean
  emulator?: Emulator
}

async function createTable(server: Server, { name, table, drop, emulator }: Naming): Promise<Target> {
  const fetch = undiciFetch()
  const api = createDataApi({ ...server, fetch })
  const release = async () => {
    await fetch.close()
    await emulator?.close()
  }
  try {
    await api.exec(createTableSql({ table }))
  } catch (error) {
    await release()
    throw error
  }
  return {
    ...server,
    name,
    table,
    api,
    async close() {
      try {
        if (drop) await api.exec(`DROP TABLE IF EXISTS \`${table}\``)
      } catch (error) {
        throw new Error(`Drop the table ${table}, which was left behind. ${(error as Error).message}`, {
          cause: error,
        })
      } finally {
        await release()
      }
    },
  }
}
