import { isSinkError } from "@singlesink/core"
import type { Context } from "../context.ts"
import { withDatabase } from "../database.ts"
import { type ExitCode, exitCodes } from "../exit.ts"
import { toCreateTable } from "../table/create.ts"
import { bodyLimitCheck, type Check, checks } from "./checks.ts"
import { type Finding, failed, skipped } from "./finding.ts"
import { createInspection, type Inspection } from "./inspection.ts"
import { toLines, toSummary } from "./report.ts"

export interface CheckFlags {
  readonly probeLimit?: boolean
}

/** Checks the connection, the rights and the table, and changes nothing. */
export async function check({ settings, output }: Context, flags: CheckFlags): Promise<ExitCode> {
  // Mistakes in --columns are reported before any request.
  toCreateTable(settings)
  const list = flags.probeLimit === true ? [...checks, bodyLimitCheck] : checks
  const findings: Record<string, Finding> = {}
  await withDatabase(settings, async database => {
    const inspection = createInspection(database, settings)
    for (const each of list) {
      const finding = await runCheck(each, inspection, findings)
      findings[each.name] = finding
      output.print(toLines(each.name, finding, output.colors))
    }
  })
  const isReady = !Object.values(findings).some(({ status }) => status === "failed")
  output.print(`\n${toSummary(findings, settings)}`)
  output.printJson({
    ready: isReady,
    database: settings.database,
    table: settings.table,
    checks: list.map(({ name }) => ({ name, ...findings[name] })),
  })
  return isReady ? exitCodes.ok : exitCodes.usage
}

async function runCheck(
  { needs, isOptional, run }: Check,
  inspection: Inspection,
  findings: Readonly<Record<string, Finding>>,
): Promise<Finding> {
  const missing = needs.find(name => !["ok", "warning"].includes(findings[name]?.status ?? ""))
  if (missing !== undefined) return skipped(`It needs the check "${missing}".`)
  try {
    return await run(inspection)
  } catch (error) {
    if (!isSinkError(error)) throw error
    return isOptional === true ? skipped(`The server did not answer [${error.code}].`) : failed(error.message)
  }
}
