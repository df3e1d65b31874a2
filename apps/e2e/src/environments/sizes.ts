import { readdir, stat } from "node:fs/promises"
import { join } from "node:path"
import { createProject, type Environment, runLine } from "./project.ts"

/** What `npm install` of one package brings. */
export interface Size {
  readonly name: string
  /** The installed packages besides itself. */
  readonly dependencies: number
  /** The bytes of its tarball. */
  readonly tarball: number
  /** The bytes of everything that is installed. */
  readonly installed: number
}

/** Installs each package in an empty project, without its peer dependencies. */
export async function measureSizes(environment: Environment): Promise<Size[]> {
  const sizes: Size[] = []
  const names = [...environment.tarballs.keys()].sort()
  for (const name of names) sizes.push(await measureSize(environment, name))
  return sizes
}

async function measureSize(environment: Environment, name: string): Promise<Size> {
  const files = Object.fromEntries([...environment.tarballs].map(([name, file]) => [name, `file:${file}`]))
  const { [name]: own, ...overrides } = files
  const manifest = { private: true, dependencies: { [name]: own }, overrides }
  const project = await createProject(environment, `size-${name.replace("@singlesink/", "")}`, manifest)
  await runLine(environment, project, "npm install --no-audit --no-fund --legacy-peer-deps")
  const modules = join(project, "node_modules")
  const names = await readdir(modules, { recursive: true })
  const packages = names.filter(path => /(^|node_modules\/)(@[^/]+\/)?[^@./][^/]*\/package\.json$/.test(path))
  const stats = await Promise.all(names.map(path => stat(join(modules, path))))
  return {
    name,
    dependencies: packages.length - 1,
    tarball: (await stat(environment.tarballs.get(name) as string)).size,
    installed: stats.reduce((sum, entry) => sum + (entry.isFile() ? entry.size : 0), 0),
  }
}
