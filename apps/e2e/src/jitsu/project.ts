import { cp, readdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { run } from "./command.ts"

/** A copy of the example, as a user has it, that takes our package from its tarball. */
export async function copyProject(root: string, folder: string, tarball: string): Promise<void> {
  const example = join(root, "examples/jitsu")
  // Who tried the example in its place has these there.
  const made = ["node_modules", "dist", "package-lock.json"].map(name => join(example, name))
  await cp(example, folder, { recursive: true, filter: path => !made.includes(path) })
  const path = join(folder, "package.json")
  const manifest = JSON.parse(await readFile(path, "utf8"))
  manifest.dependencies["@singlesink/jitsu"] = `file:${tarball}`
  await writeFile(path, JSON.stringify(manifest, undefined, 2))
}

/** Installs our package alone. @throws Error where another package comes with it */
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

/** The text of the function that jitsu-cli has built. It exits with 0 in cases that are no success, too. */
export async function build(folder: string): Promise<string> {
  const printed = await run(folder, "npx", "jitsu-cli", "build")
  if (!printed.includes("singlestore.ts compiled successfully") || !printed.includes("Build finished")) {
    throw new Error(`npx jitsu-cli build did not say that it succeeded:\n${printed}`)
  }
  return readFile(join(folder, "dist/functions/singlestore.js"), "utf8")
}

/** How many tests passed. Without any, jitsu-cli would be content. */
export async function runTests(folder: string): Promise<number> {
  const printed = await run(folder, "npx", "jitsu-cli", "test")
  const passed = Number(/Tests:\s+(\d+) passed, \d+ total/.exec(printed)?.[1] ?? 0)
  if (passed === 0) throw new Error(`npx jitsu-cli test ran no test:\n${printed}`)
  return passed
}
