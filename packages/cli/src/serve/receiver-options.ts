import { randomBytes } from "node:crypto"
import type { ReceiverOptions } from "@singlesink/receiver"
import { z } from "zod"
import { CommandError } from "../exit.ts"
import { readContract } from "../load/contract.ts"
import { readEnvironment } from "../settings/environment.ts"
import { readTextFile } from "../settings/secret.ts"
import type { Settings } from "../settings/settings.ts"
import type { ServeFlags } from "./flags.ts"

/** The options of the receiver without its database, and where it listens. */
export interface ServeOptions {
  readonly listen: { readonly host: string; readonly port: number }
  readonly receiver: Omit<ReceiverOptions, "database">
}

type Variables = Readonly<Record<string, string | undefined>>

const schema = z.object({
  listen: z
    .string()
    .regex(/^(\[[\da-f:.]+\]|[^:]+):\d+$/i, "must be an address and a port, such as 0.0.0.0:8080")
    .transform(toAddress)
    .refine(({ port }) => port <= 65_535, "must have a port up to 65535"),
  maxCallsPerSecond: z.coerce
    .number("must be a number of calls")
    .int("must be a whole number")
    .min(1, "must be at least 1")
    .optional(),
})

/** @throws CommandError with every mistake */
export async function readServeOptions(
  flags: ServeFlags & { envFile?: string },
  env: Variables,
  settings: Settings,
): Promise<ServeOptions> {
  const variables = readEnvironment(flags.envFile, env)
  const result = schema.safeParse(flags)
  const issues = result.success ? [] : result.error.issues.map(toIssue)
  const writeKeys = readWriteKeys(flags, variables, settings, issues)
  const live = readLive(flags, variables, settings, issues)
  if (!result.success || issues.length > 0 || writeKeys === undefined)
    throw new CommandError(issues.join("\n"))
  const { table, columns, deduplicate } = settings
  return {
    listen: result.data.listen,
    receiver: {
      table,
      columns,
      deduplicate,
      writeKeys,
      signingSecret: variables.SINGLESINK_SIGNING_SECRET,
      deadLetters: flags.deadLetters === false ? undefined : flags.deadLetters,
      validate: flags.schema === undefined ? undefined : await readContract(flags.schema),
      onViolation: flags.onViolation,
      cors: flags.cors?.includes("*") === true ? "*" : flags.cors,
      trustProxy: flags.trustProxy,
      recordIp: flags.recordIp,
      maxCallsPerSecond: result.data.maxCallsPerSecond,
      live,
    },
  }
}

function toIssue({ path, message }: z.core.$ZodIssue): string {
  const flag = String(path[0]).replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
  return `--${flag} ${message}.`
}

function toAddress(text: string): { host: string; port: number } {
  const colon = text.lastIndexOf(":")
  return { host: text.slice(0, colon).replace(/^\[|\]$/g, ""), port: Number(text.slice(colon + 1)) }
}

/** With the emulator, which is for a first try, a key is not needed. */
function readWriteKeys(
  { anonymous, writeKeyFile }: ServeFlags,
  env: Variables,
  { emulator, table }: Settings,
  issues: string[],
): ReceiverOptions["writeKeys"] | undefined {
  const text =
    writeKeyFile === undefined
      ? (env.SINGLESINK_WRITE_KEYS ?? "")
      : readTextFile(writeKeyFile, "--write-key-file")
  const entries = text
    .split(/[\n,]/)
    .map(line => line.trim())
    .filter(line => line !== "")
  if (anonymous === true || (entries.length === 0 && writeKeyFile === undefined && emulator !== undefined)) {
    if (entries.length === 0) return "anonymous"
    issues.push("--anonymous and write keys exclude each other.")
    return undefined
  }
  if (entries.length === 0) {
    issues.push(
      "There is no write key. Set SINGLESINK_WRITE_KEYS or --write-key-file, or --anonymous to accept every call.",
    )
    return undefined
  }
  const keys = entries.map(entry => toKeyAndTable(entry, table))
  if (keys.some(([key, table]) => key.length < minKeyLength || table === "")) {
    issues.push(
      `SINGLESINK_WRITE_KEYS or --write-key-file must have lines KEY or KEY=TABLE, with keys of at least ${minKeyLength} characters.`,
    )
    return undefined
  }
  return Object.fromEntries(keys)
}

const minKeyLength = 8
const minLiveKeyLength = 16

function toKeyAndTable(entry: string, defaultTable: string): [key: string, table: string] {
  const equals = entry.indexOf("=")
  return equals === -1 ? [entry, defaultTable] : [entry.slice(0, equals), entry.slice(equals + 1)]
}

/** With the emulator, which is for a first try, the page is on. */
function readLive(
  { live, showValues }: ServeFlags,
  { SINGLESINK_LIVE_KEY: key }: Variables,
  { emulator }: Settings,
  issues: string[],
): ReceiverOptions["live"] {
  const isOn = live === true || showValues === true || emulator !== undefined
  if (isOn && key !== undefined && key.length < minLiveKeyLength) {
    issues.push(`SINGLESINK_LIVE_KEY must have at least ${minLiveKeyLength} characters.`)
  }
  return isOn ? { key: key ?? randomBytes(18).toString("base64url"), showValues } : undefined
}
