import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { applyChange } from "./change.ts"
import { writeSegmentTypes } from "./segment-types.ts"

// Relative to dist, which contains the built command.
const root = fileURLToPath(new URL("../../..", import.meta.url))
const sources = join(root, "docs/upstream")

const versions = new Map<string, string>()
for (const folder of readdirSync(join(root, "packages"))) {
  const { name, version } = JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8"))
  versions.set(name, version)
}

const [host, checkout] = process.argv.slice(2)
try {
  if ((host !== "jitsu" && host !== "segment") || checkout === undefined || !existsSync(checkout))
    throw new Error("Usage: pnpm upstream <jitsu|segment> <folder of the host's checkout>")
  await applyChange(join(sources, host), checkout, versions)
  if (host === "segment") await writeSegmentTypes(checkout)
  console.log(`${checkout} contains the change. docs/upstream/README.md has the commands that check it.`)
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
