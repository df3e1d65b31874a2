import { cp, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"

interface Manifest {
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  overrides?: Record<string, string>
}

/** Running a project in the repository creates these. */
const made = ["node_modules", "dist", "package-lock.json"]

/** Copies a project as a user has it, with our packages from their tarballs. */
export async function copyProject(
  source: string,
  folder: string,
  tarballs: ReadonlyMap<string, string>,
): Promise<void> {
  const skipped = made.map(name => join(source, name))
  await cp(source, folder, { recursive: true, filter: path => !skipped.includes(path) })
  const path = join(folder, "package.json")
  const manifest = JSON.parse(await readFile(path, "utf8")) as Manifest
  await writeFile(path, JSON.stringify(useTarballs(manifest, tarballs), undefined, 2))
}

/** The same manifest with our packages from their tarballs, also those that only another of them depends on. */
function useTarballs(manifest: Manifest, tarballs: ReadonlyMap<string, string>): Manifest {
  const files = Object.fromEntries([...tarballs].map(([name, tarball]) => [name, `file:${tarball}`]))
  const replace = (dependencies: Record<string, string> = {}) =>
    Object.fromEntries(Object.entries(dependencies).map(([name, range]) => [name, files[name] ?? range]))
  const dependencies = replace(manifest.dependencies)
  const devDependencies = replace(manifest.devDependencies)
  const direct = { ...dependencies, ...devDependencies }
  // npm refuses an override that differs from a direct dependency.
  const overrides = Object.fromEntries(Object.entries(files).filter(([name]) => direct[name] === undefined))
  return { ...manifest, dependencies, devDependencies, overrides }
}
