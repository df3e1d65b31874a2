import { join } from "node:path"
import { fileURLToPath } from "node:url"
import ts from "typescript"

export const root: string = fileURLToPath(new URL("../../..", import.meta.url))
export const here: string = join(root, "apps/e2e/src")

/** The TypeScript program of these sources, as if they were files of this package. */
export function createProgram(texts: ReadonlyMap<string, string>): ts.Program {
  const { options } = ts.parseJsonConfigFileContent(
    { extends: "../../../tsconfig.base.json", compilerOptions: { isolatedDeclarations: false } },
    ts.sys,
    here,
  )
  const host = ts.createCompilerHost(options)
  const { readFile, fileExists } = host
  host.readFile = name => texts.get(name) ?? readFile(name)
  host.fileExists = name => texts.has(name) || fileExists(name)
  host.getSourceFile = (name, version) => {
    const text = host.readFile(name)
    return text === undefined ? undefined : ts.createSourceFile(name, text, version)
  }
  return ts.createProgram([...texts.keys()], options, host)
}
