import { closeSync, openSync, readSync } from "node:fs"
import { createTableSql } from "@singlesink/core"
import { createDataApi, type DataApi } from "@singlesink/data-api"
import { undiciFetch } from "@singlesink/data-api/undici"
import { CommandError } from "./exit.ts"
import type { Server, Settings } from "./settings/settings.ts"

/** The database that the settings name. */
export interface Database {
  readonly api: DataApi
  /** The server for people: its URL, or the file of the emulator. */
  readonly name: string
  close(): Promise<void>
}

/** Opens the database, runs `use`, and closes it whatever happens. */
export async function withDatabase<Result>(
  settings: Settings,
  use: (database: Database) => Promise<Result>,
): Promise<Result> {
  const database = await openDatabase(settings)
  try {
    return await use(database)
  } finally {
    await database.close()
  }
}

/** @throws CommandError if the emulator cannot be started; ConfigError with every mistake in the options */
function openDatabase(settings: Settings): Promise<Database> {
  const { server, emulator } = settings
  if (emulator !== undefined) return openEmulator(settings, emulator)
  if (server === undefined) throw new CommandError("There is no server in the settings.")
  return Promise.resolve(openServer(settings, server))
}

function openServer({ database, timeoutMs }: Settings, { address, credentials, ca }: Server): Database {
  const fetch = undiciFetch({ proxy: "environment", ...(ca !== undefined && { tls: { ca } }) })
  const api = createDataApi({ ...address, ...credentials, database, timeoutMs, fetch })
  return { api, name: "url" in address ? address.url : address.host, close: fetch.close }
}

async function openEmulator(settings: Settings, file: string): Promise<Database> {
  const isNew = checkEmulatorFile(file)
  const { startEmulator } = await import("@singlesink/emulator").catch(() => {
    throw new CommandError(
      "--emulator needs a package that is not installed: npm install @singlesink/emulator",
    )
  })
  const { database, timeoutMs, table, columns, deduplicate } = settings
  const emulator = await startEmulator({ file, databases: [database] }).catch((error: Error) => {
    throw new CommandError(error.message)
  })
  // A first try needs no statement: the table of a new file exists.
  if (isNew) await emulator.exec(createTableSql({ table, columns, deduplicate }))
  const fetch = undiciFetch()
  const api = createDataApi({ url: emulator.url, username: "root", password: "", database, timeoutMs, fetch })
  return {
    api,
    name: `emulator on ${file}`,
    async close() {
      await fetch.close()
      await emulator.close()
    },
  }
}

/**
 * Whether the emulator will create its file. An existing file must be one of an emulator: in `load --emulator events.ndjson`
 * the file is meant for `load`.
 */
function checkEmulatorFile(file: string): boolean {
  const start = Buffer.alloc(12)
  try {
    const descriptor = openSync(file, "r")
    readSync(descriptor, start, 0, start.length, 0)
    closeSync(descriptor)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === "ENOENT") return true
    throw new CommandError(`The file ${file} of --emulator cannot be read (${code}).`)
  }
  // The magic bytes of DuckDB.
  if (start.toString("latin1", 8) === "DUCK") return false
  throw new CommandError(
    `${file} is not a file of the emulator. Write --emulator after the other arguments, or --emulator=FILE.`,
  )
}
