import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import ts from "typescript"
import { describe, expect, test } from "vitest"
import { createProgram, here, root } from "./program.ts"

const pages = [
  ...readdirSync(root).filter(name => name.endsWith(".md")),
  ...["packages", "examples"].flatMap(folder =>
    readdirSync(join(root, folder)).map(name => `${folder}/${name}/README.md`),
  ),
  ...(readdirSync(join(root, "docs"), { recursive: true }) as string[])
    .filter(name => name.endsWith(".md"))
    .map(name => `docs/${name}`),
].map(path => ({ path, text: readFileSync(join(root, path), "utf8") }))

describe("code in the documentation", () => {
  const blocks = new Map(
    pages.flatMap(({ path, text }) =>
      [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ""], index): [string, string] => [
        join(here, `${path.replaceAll("/", " ")} block ${index + 1}.ts`),
        code,
      ]),
    ),
  )
  const program = createProgram(blocks)

  test.each([...blocks.keys()].map(file => [relative(here, file), file]))(
    "The code compiles: %s",
    (_, file) => {
      const source = program.getSourceFile(file)
      const problems = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
      expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).toEqual(
        [],
      )
    },
  )
})

test("Every error code has a heading in docs/operating.md, and every heading names an error code", () => {
  const file = join(here, "codes.ts")
  const program = createProgram(
    new Map([
      [
        file,
        'import type { SinkErrorCode } from "@singlesink/core"\nexport declare const code: SinkErrorCode\n',
      ],
    ]),
  )
  const source = program.getSourceFile(file)
  const checker = program.getTypeChecker()
  const [symbol] =
    source === undefined ? [] : checker.getExportsOfModule(checker.getSymbolAtLocation(source) as ts.Symbol)
  const type = checker.getTypeOfSymbol(symbol as ts.Symbol)
  const codes = (type.isUnion() ? type.types : []).map(member => (member as ts.StringLiteralType).value)
  const operating = pages.find(({ path }) => path === "docs/operating.md")?.text ?? ""
  // The section about files has the codes of the command line.
  const [ofSinks = ""] = operating.split("\n## Files\n")
  const headings = [...ofSinks.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading)
  expect(codes.length).toBeGreaterThan(20)
  expect(headings.sort()).toEqual(codes.sort())
})

test.each(pages.map(({ path, text }) => [path, text]))(
  "Every relative link in %s leads to a file",
  (path, text) => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = ""]) => link)
    const missing = links.filter(link => !existsSync(join(root, dirname(path), link)))
    expect(missing).toEqual([])
  },
)
