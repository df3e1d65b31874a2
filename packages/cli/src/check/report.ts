import type { Colors } from "../output/output.ts"
import type { Settings } from "../settings/settings.ts"
import type { Finding } from "./finding.ts"

const statusColors = { ok: "green", warning: "yellow", failed: "red", skipped: "dim" } as const

const indent = " ".repeat(22)

/** A finding for people: the status, the name, the message, and statements that can be copied. */
export function toLines(name: string, { status, message, sql = [] }: Finding, colors: Colors): string {
  const head = `${colors[statusColors[status]](status.padEnd(8))} ${name.padEnd(13)}`
  const statements = sql.map(statement => `\n\n${indent}${statement.replaceAll("\n", `\n${indent}`)};\n`)
  return `${head}${message}${statements.join("")}`
}

/** The last line: whether events can be stored. */
export function toSummary(
  findings: Readonly<Record<string, Finding>>,
  { database, table }: Pick<Settings, "database" | "table">,
): string {
  const count = (status: Finding["status"]) =>
    Object.values(findings).filter(finding => finding.status === status).length
  const [failures, warnings] = [count("failed"), count("warning")]
  const warned = warnings === 0 ? "" : `, with ${plural(warnings, "warning")}`
  return failures === 0
    ? `Events can be stored in ${database}.${table}${warned}.`
    : `${plural(failures, "check")} failed${warned}. Correct the first one and run the command again.`
}

const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`
