import { join } from "node:path"
import { fileURLToPath } from "node:url"
import ts from "typescript"

export const root: string = fileURLToPath(new URL("../../..", import.meta.url))
export const here: string = join(root, "apps/e2e/src")

/** The TypeScript program of these sources, as if they were files of this package. */
export function createProgram(
  texts: ReadonlyMap<string, string>,
  overrides: ts.CompilerOptions = {},
): ts.Program {
  const { options: base } = ts.parseJsonConfigFileContent(
    { extends: "../../../tsconfig.base.json", compilerOptions: { isolatedDeclarations: false } },
    ts.sys,
    here,
  )
  const options = { ...base, ...overrides }
  const host = ts.createCompilerHost(options)
  const { readFile, fileExists } = host
  host.readFile = name => texts.get(name) ?? readFile(name)
  host.fileExists = name => texts.has(name) || fileExists(name)
  // Otherwise nothing is looked for in a folder that is not on the disk.
  delete host.directoryExists
  host.getSourceFile = (name, version) => {
    const text = host.readFile(name)
    return text === undefined ? undefined : ts.createSourceFile(name, text, version)
  }
  return ts.createProgram([...texts.keys()], options, host)
}
