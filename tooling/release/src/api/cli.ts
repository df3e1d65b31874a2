import { fileURLToPath } from "node:url"
import { findEntries } from "./entries.ts"
import { reportEntry } from "./report.ts"

const root = fileURLToPath(new URL("../../../", import.meta.url))
const isCheck = process.argv.includes("--check")

for (const entry of findEntries(root)) {
  const isSame = reportEntry(root, entry, isCheck)
  if (isSame) continue
  const path = `packages/${entry.folder}/api/${entry.name}.api.md`
  if (!isCheck) {
    console.log(`updated ${path}`)
    continue
  }
  console.error(`api: ${path} differs from the built types. Run \`pnpm api\`, and review the difference.`)
  process.exitCode = 1
}
