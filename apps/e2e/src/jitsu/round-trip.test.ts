import { createTableSql } from "@singlesink/core"
import { expect, test } from "vitest"
import { storeOneEvent } from "./round-trip.ts"

const createTable = createTableSql({ table: "segment_data" })

// `pnpm e2e` covers the passing case, with the function that jitsu-cli builds.
test.each([
  ["stores nothing", "export default async () => undefined", "The table and the log contain [[],[]]"],
  ["returns a value", "export default async () => 'drop'", "returned drop"],
  ["imports a module", "import 'crypto'; export default async () => undefined", "imports crypto"],
  [
    "needs a missing global",
    "const t = setTimeout; export default async () => t",
    "setTimeout is not defined",
  ],
])("A function that %s does not pass", async (_, code, message) => {
  await expect(storeOneEvent(code, createTable)).rejects.toThrow(message)
})
