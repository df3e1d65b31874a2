import type { JitsuFunction } from "@jitsu/protocols/functions.js"
import type { JitsuFunction as NewerJitsuFunction } from "jitsu-protocols-1.11/functions.js"
import { describe, expectTypeOf, test } from "vitest"
import destination, { createFunction } from "./index.ts"

describe("what we export is a function as Jitsu's own types describe it", () => {
  test("in version 1.10.4", () => {
    expectTypeOf(destination).toExtend<JitsuFunction>()
    expectTypeOf(createFunction).returns.toExtend<JitsuFunction>()
  })

  test("in version 1.11.0", () => {
    expectTypeOf(destination).toExtend<NewerJitsuFunction>()
    expectTypeOf(createFunction).returns.toExtend<NewerJitsuFunction>()
  })
})
