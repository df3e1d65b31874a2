import pc from "picocolors"
import type { Terminal } from "../terminal.ts"

export type Colors = ReturnType<typeof pc.createColors>

/**
 * Where a command writes. Results go to stdout, everything else to stderr, so that a pipe gets results only. With `--json`
 * stdout gets exactly one JSON document.
 */
export interface Output {
  readonly json: boolean
  /** Whether a person reads stdout, and whether stderr can show a bar. */
  readonly isTerminal: boolean
  readonly hasBar: boolean
  readonly colors: Colors
  /** The colours of stderr. */
  readonly errorColors: Colors
  /** A line of the result, for people. Printed unless `--json` is set. */
  print(text: string): void
  /** The result as JSON. Printed if `--json` is set. */
  printJson(value: unknown): void
  /** Text on stdout as it is. Resolves when the stream accepts more. */
  write(text: string): Promise<void>
  /** A line for the user on stderr: progress, warnings, hints. */
  note(text: string): void
  /** The error that ends the command. With `--json` it is the document on stdout, unless the result has been printed. */
  fail(message: string, details?: { code?: string | undefined }): void
}

export function createOutput({ env, stdout, stderr }: Terminal, { json }: { json: boolean }): Output {
  const noColor = (env.NO_COLOR ?? "") !== "" || env.TERM === "dumb"
  const forceColor = (env.FORCE_COLOR ?? "0") !== "0"
  const toColors = (isTTY: boolean | undefined) => pc.createColors(!noColor && (isTTY === true || forceColor))
  const errorColors = toColors(stderr.isTTY)
  let hasDocument = false

  return {
    json,
    isTerminal: stdout.isTTY === true && !json,
    hasBar: stderr.isTTY === true && !json && env.TERM !== "dumb" && (env.CI ?? "") === "",
    colors: toColors(stdout.isTTY),
    errorColors,
    print(text) {
      if (!json) stdout.write(`${text}\n`)
    },
    printJson(value) {
      hasDocument = true
      if (json) stdout.write(`${JSON.stringify(value, toJson, 2)}\n`)
    },
    write: text =>
      new Promise(resolve => {
        if (stdout.write(text) || stdout.destroyed) resolve()
        else stdout.once("drain", resolve).once("close", resolve)
      }),
    note(text) {
      if (!json) stderr.write(`${text}\n`)
    },
    fail(message, details = {}) {
      if (json && hasDocument) return
      if (json) this.printJson({ error: { message, ...details } })
      else stderr.write(`${errorColors.red("error:")} ${message}\n`)
    },
  }
}

/** A BIGINT keeps its digits as a string. */
const toJson = (_: string, value: unknown) => (typeof value === "bigint" ? String(value) : value)
