import { createTableSql } from "@singlesink/core"
import { expect, test } from "vitest"
import { storeOneEvent } from "./round-trip.ts"

const createTable = createTableSql({ table: "segment_data" })

// That it passes where all is well is what `pnpm e2e` shows, with what jitsu-cli has built.
test.each([
  ["stores nothing", "export default async () => undefined", "In the table and the log is [[],[]]"],
  ["answers something", "export default async () => 'drop'", "answered drop"],
  ["imports something", "import 'crypto'; export default async () => undefined", "imports crypto"],
  [
    "needs what is not there",
    "const t = setTimeout; export default async () => t",
    "setTimeout is not defined",
  ],
])("a function that %s does not pass", async (_, code, message) => {
  await expect(storeOneEvent(code, createTable)).rejects.toThrow(message)
})
