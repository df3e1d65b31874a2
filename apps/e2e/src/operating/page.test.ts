import { readFileSync } from "node:fs"
import { failures } from "@singlesink/data-api"
import { expect, test } from "vitest"
import { withFailures } from "./page.ts"

const page = readFileSync(new URL("../../../../docs/operating.md", import.meta.url), "utf8")

test("docs/operating.md has the table of failures as it is; if not, run: pnpm docs:write", () => {
  expect(withFailures(page, failures)).toBe(page)
})

test("a line says what it is recognised by, and whether the row may be stored", () => {
  const [failure] = [
    {
      text: /a|b/,
      engineCodes: [1, 2],
      error: "DeliveryError",
      code: "timeout",
      ambiguous: true,
      says: "",
    } as const,
  ]
  expect(withFailures("<!-- failures: x -->\nold\n<!-- end -->", [failure])).toBe(
    [
      "<!-- failures: x -->",
      "",
      "| what comes back | code | class | may be stored |",
      "| --- | --- | --- | --- |",
      "| text `a\\|b`; engine 1, 2 | [timeout](#timeout) | `DeliveryError` | yes |",
      "",
      "<!-- end -->",
    ].join("\n"),
  )
})

test("a page without a place for it is an error", () => {
  expect(() => withFailures("nothing here", failures)).toThrow("no place")
})
