import { defaultColumns } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import { expect, test } from "vitest"
import { readShape } from "../table/shape.ts"
import { createCopier } from "./copier.ts"
import { readCounts } from "./counts.ts"
import { toLayout } from "./layout.ts"
import { toNames } from "./names.ts"
import { readIds, startSegmentTable } from "./testing/segment-table.ts"

test.each([
  ["INSERT", "exec", 0],
  ["COUNT", "query", 0],
] as const)("A step whose %s takes too long is halved", async (_, on, skip) => {
  const { emulator } = await startSegmentTable({ ids: 40 })
  const api = createDataApi({ url: emulator.url, username: "root", password: "", database: "events" })
  const names = toNames("segment_data")
  const settings = { columns: defaultColumns, table: "segment_data" } as never
  const layout = toLayout(await readShape(api, "segment_data"), settings, names)
  await api.exec(layout.createSql)
  const { span } = await readCounts(api, "segment_data", layout)
  await emulator.injectFault({ kind: "respond", status: 504, on, skip, after: "commit" })
  const steps: number[] = []
  const copier = createCopier({
    ...{ api, layout, maxRows: 100, checkStop() {} },
    onStep: ({ rows }) => void steps.push(rows),
  })
  await copier.copyToCopy({ from: names.table, to: names.copy }, span)
  expect(await readIds(emulator, "segment_data__new")).toHaveLength(40)
  expect(steps).toEqual(on === "exec" ? [40] : [20, 20])
  const inserts = emulator.requests.filter(({ sql }) => sql?.startsWith("INSERT IGNORE"))
  expect(inserts).toHaveLength(on === "exec" ? 3 : 2)
})
