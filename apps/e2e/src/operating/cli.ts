import { readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { failures } from "@singlesink/data-api"
import { withFailures } from "./page.ts"

// Relative to dist, which contains the built command.
const path = fileURLToPath(new URL("../../../docs/operating.md", import.meta.url))
const before = readFileSync(path, "utf8")
const after = withFailures(before, failures)
if (after !== before) writeFileSync(path, after)
console.log(
  after === before
    ? "docs/operating.md is up to date."
    : "docs/operating.md: the table of failures was updated.",
)
