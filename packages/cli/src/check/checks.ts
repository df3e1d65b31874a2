import { checkBodyLimit } from "./body-limit.ts"
import { checkColumns } from "./columns.ts"
import { checkCredentials, checkDatabase, checkEndpoint, checkTls } from "./connection.ts"
import type { Finding } from "./finding.ts"
import type { Inspection } from "./inspection.ts"
import { checkCollation, checkSortKey, checkUniqueKey } from "./keys.ts"
import { checkClock, checkVersion } from "./server.ts"
import { checkRights, checkTable } from "./table.ts"

/** One question, and the checks without which it cannot be asked. */
export interface Check {
  readonly name: string
  readonly needs: readonly string[]
  /** Whether an error of the request is a warning, because the answer is only for information. */
  readonly isOptional?: boolean
  run(inspection: Inspection): Promise<Finding>
}

const ofShape =
  (check: (shape: Awaited<ReturnType<Inspection["shape"]>>, settings: Inspection["settings"]) => Finding) =>
  async ({ shape, settings }: Inspection) =>
    check(await shape(), settings)

/** In the order in which they run and are printed. */
export const checks: readonly Check[] = [
  { name: "endpoint", needs: [], run: checkEndpoint },
  { name: "tls", needs: ["endpoint"], run: checkTls },
  { name: "credentials", needs: ["tls"], run: checkCredentials },
  { name: "database", needs: ["credentials"], run: checkDatabase },
  { name: "version", needs: ["database"], isOptional: true, run: checkVersion },
  { name: "clock", needs: ["database"], isOptional: true, run: checkClock },
  { name: "rights", needs: ["database"], run: checkRights },
  { name: "table", needs: ["database"], run: checkTable },
  { name: "columns", needs: ["table"], run: ofShape(checkColumns) },
  { name: "unique key", needs: ["table"], run: ofShape(checkUniqueKey) },
  { name: "sort key", needs: ["table"], run: ofShape(checkSortKey) },
  { name: "collation", needs: ["table"], run: ofShape(checkCollation) },
]

/** Runs only with `--probe-limit`, because it sends some megabytes. */
export const bodyLimitCheck: Check = { name: "body limit", needs: ["database"], run: checkBodyLimit }
