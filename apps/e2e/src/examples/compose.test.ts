import { fileURLToPath } from "node:url"
import { DCLinter } from "dclint"
import { expect, test } from "vitest"

/** The types of dclint do not resolve in Node. */
interface LintResult {
  readonly messages: readonly { readonly type: string; readonly message: string }[]
}

const root = fileURLToPath(new URL("../../../../", import.meta.url))

test.each(["compose.yaml", "examples/receiver/compose.yaml"])(
  "%s follows the specification of compose files",
  path => {
    const linter = new DCLinter({ rules: {}, quiet: true, debug: false, exclude: [] })
    const results: LintResult[] = linter.lintFiles([root + path], false)
    expect(results).toHaveLength(1)
    expect(results.flatMap(({ messages }) => messages.filter(({ type }) => type === "error"))).toEqual([])
  },
)
