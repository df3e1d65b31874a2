import { readdirSync, readFileSync } from "node:fs"
import { join, relative } from "node:path"
import ts from "typescript"
import { describe, expect, test } from "vitest"
import { createProgram, here, root } from "./program.ts"

/** The examples of doc comments, by the place of the comment. */
function findExamples(): Map<string, string> {
  const examples = new Map<string, string>()
  for (const name of readdirSync(join(root, "packages"), { recursive: true }) as string[]) {
    if (!/^[^/]+\/src\/.*\.ts$/.test(name) || name.endsWith(".test.ts")) continue
    const text = readFileSync(join(root, "packages", name), "utf8")
    for (const [comment] of text.matchAll(/^ *\/\*\*(?:(?!\*\/).)*@example(?:(?!\*\/).)*\*\/$/gms)) {
      const lines = comment.split("\n").map(line => line.replace(/^ *(?:\/\*\*|\*\/|\*) ?/, ""))
      const start = lines.findIndex(line => line.startsWith("@example"))
      const length = lines.slice(start + 1).findIndex(line => line.startsWith("@"))
      const code = lines.slice(start + 1, length === -1 ? undefined : start + 1 + length).join("\n")
      const line = text.slice(0, text.indexOf(comment)).split("\n").length
      examples.set(`${name} line ${line}`, code)
    }
  }
  return examples
}

/** What an example may leave out: the declarations of its own names, and with them the types of parameters. */
const unknownNames = [2304, 2552, 2582, 18004, 7006, 7031]

describe("examples in doc comments", () => {
  const examples = findExamples()
  const packages = new Map(
    [...examples.keys()].map(place => {
      const folder = place.slice(0, place.indexOf("/"))
      const { exports = {} } = JSON.parse(
        readFileSync(join(root, "packages", folder, "package.json"), "utf8"),
      )
      const entries = Object.entries(exports as Record<string, string | Record<string, string>>).flatMap(
        ([path, conditions]) =>
          typeof conditions === "object" && "@singlesink/source" in conditions
            ? [`@singlesink/${folder}${path.slice(1)}`]
            : [],
      )
      return [folder, entries]
    }),
  )
  const programText = [...new Set([...packages.values()].flat())].map(
    name => `import ${JSON.stringify(name)}`,
  )
  const exportsFile = join(here, "exports.ts")
  const exportsProgram = createProgram(new Map([[exportsFile, programText.join("\n")]]))
  const checker = exportsProgram.getTypeChecker()
  const statements = exportsProgram.getSourceFile(exportsFile)?.statements ?? []
  /** Where each public name is imported from. */
  const modules = new Map(
    [...statements].filter(ts.isImportDeclaration).flatMap(({ moduleSpecifier }) => {
      const symbol = checker.getSymbolAtLocation(moduleSpecifier)
      const name = (moduleSpecifier as ts.StringLiteral).text
      return symbol === undefined
        ? []
        : checker.getExportsOfModule(symbol).map(found => [found.name, name] as const)
    }),
  )
  const texts = new Map(
    [...examples].map(([place, code]) => {
      const isDeclared = (name: string) =>
        new RegExp(`(?:import|const|let|function)[^\\n]*\\b${name}\\b[^=(]*[=(f]`).test(code)
      const used = [...modules].filter(
        ([name]) => name !== "default" && new RegExp(`\\b${name}\\b`).test(code) && !isDeclared(name),
      )
      const imports = used.map(([name, from]) => `import { ${name} } from ${JSON.stringify(from)}`)
      return [join(here, `${place.replaceAll("/", " ")}.ts`), `${imports.join("\n")}\n${code}\nexport {}`]
    }),
  )
  const program = createProgram(texts)

  test("There are examples", () => {
    expect(examples.size).toBeGreaterThan(40)
  })

  test.each([...texts.keys()].map(file => [relative(here, file), file]))(
    "The example compiles: %s",
    (_, file) => {
      const source = program.getSourceFile(file)
      const problems = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
      const messages = problems
        .filter(({ code }) => !unknownNames.includes(code))
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))
      expect(messages).toEqual([])
    },
  )
})
