import { readdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { run } from "../packed/command.ts"

/** Installs the package on its own. @throws Error if another package is installed with it */
export async function installAlone(folder: string, tarball: string): Promise<void> {
  await writeFile(join(folder, "package.json"), '{ "private": true }\n')
  await run(folder, "npm", "install", "--no-audit", "--no-fund", tarball)
  const modules = join(folder, "node_modules")
  const scopes = (await readdir(modules)).filter(name => !name.startsWith("."))
  const ours = await readdir(join(modules, "@singlesink"))
  if (scopes.length !== 1 || ours.length !== 1) {
    throw new Error(`More than one package is installed: ${[...scopes, ...ours].join(", ")}.`)
  }
}

/** The code of the function that jitsu-cli builds. Its exit code is 0 after some failures, so the output is checked. */
export async function build(folder: string): Promise<string> {
  const printed = await run(folder, "npx", "jitsu-cli", "build")
  if (!printed.includes("singlestore.ts compiled successfully") || !printed.includes("Build finished")) {
    throw new Error(`npx jitsu-cli build did not report success:\n${printed}`)
  }
  return readFile(join(folder, "dist/functions/singlestore.js"), "utf8")
}

/** The number of passed tests. jitsu-cli also succeeds without any test. */
export async function runTests(folder: string): Promise<number> {
  const printed = await run(folder, "npx", "jitsu-cli", "test")
  const passed = Number(/Tests:\s+(\d+) passed, \d+ total/.exec(printed)?.[1] ?? 0)
  if (passed === 0) throw new Error(`npx jitsu-cli test ran no test:\n${printed}`)
  return passed
}
