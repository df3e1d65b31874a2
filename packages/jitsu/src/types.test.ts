import type { JitsuFunction } from "@jitsu/protocols/functions.js"
import type { JitsuFunction as NewerJitsuFunction } from "jitsu-protocols-1.11/functions.js"
import { describe, expectTypeOf, test } from "vitest"
import destination, { createFunction } from "./index.ts"

describe("types of the exports", () => {
  test("The exports match the function type of Jitsu 1.10.4", () => {
    expectTypeOf(destination).toExtend<JitsuFunction>()
    expectTypeOf(createFunction).returns.toExtend<JitsuFunction>()
  })

  test("The exports match the function type of Jitsu 1.11.0", () => {
    expectTypeOf(destination).toExtend<NewerJitsuFunction>()
    expectTypeOf(createFunction).returns.toExtend<NewerJitsuFunction>()
  })
})
