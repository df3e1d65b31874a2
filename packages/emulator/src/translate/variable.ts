import { refusal } from "../errors.ts"
import type { Context } from "./context.ts"
import { type Typed, text } from "./typed.ts"

/** The engine variables that clients ask for to find out what they talk to. */
const variables: Record<string, string> = {
  // Of the MySQL whose protocol the engine speaks.
  version: "5.7.32",
  memsql_version: "9.0.23",
  version_comment: "SingleStoreDB, emulated by @singlesink/emulator",
  time_zone: "SYSTEM",
  system_time_zone: "UTC",
}

export function variable(name: string, { bind }: Context): Typed {
  const value = Object.hasOwn(variables, name.toLowerCase()) ? variables[name.toLowerCase()] : undefined
  if (value === undefined) throw refusal(1193, name)
  return { sql: bind(value), type: text }
}
