import { readFileSync } from "node:fs"
import { failures } from "@singlesink/data-api"
import { expect, test } from "vitest"
import { withFailures } from "./page.ts"

const page = readFileSync(new URL("../../../../docs/operating.md", import.meta.url), "utf8")

test("docs/operating.md contains the current table of failures (to update it, run pnpm docs:write)", () => {
  expect(withFailures(page, failures)).toBe(page)
})

test("Each line of the table shows the signs of a failure and whether it is ambiguous", () => {
  const [failure] = [
    {
      text: /a|b/,
      engineCodes: [1, 2],
      error: "DeliveryError",
      code: "timeout",
      ambiguous: true,
      message: "",
    } as const,
  ]
  expect(withFailures("<!-- failures: x -->\nold\n<!-- end -->", [failure])).toBe(
    [
      "<!-- failures: x -->",
      "",
      "| response | code | class | ambiguous |",
      "| --- | --- | --- | --- |",
      "| text `a\\|b`; engine 1, 2 | [timeout](#timeout) | `DeliveryError` | yes |",
      "",
      "<!-- end -->",
    ].join("\n"),
  )
})

test("A page without the markers causes an error", () => {
  expect(() => withFailures("nothing here", failures)).toThrow("no place")
})
