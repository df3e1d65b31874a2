import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { build as bundle } from "esbuild"
import { build } from "tsdown"
// @boundaries-ignore the build of every package is configured in one file at the root
import { segmentModule } from "../../../../tsdown.config.ts"

const packageFolder = fileURLToPath(new URL("../..", import.meta.url))

/**
 * Installs the package as it is published, next to a program that imports it, and bundles that program.
 *
 * @param run receives the path of the bundle
 */
export async function withBundle<Result>(
  program: string,
  run: (path: string) => Promise<Result>,
): Promise<Result> {
  // Under the package, so that its dependencies are found.
  const folder = await mkdtemp(join(packageFolder, "node_modules", ".bundle-"))
  try {
    const installed = join(folder, "node_modules", "@singlesink", "segment")
    await mkdir(installed, { recursive: true })
    const { publishConfig, ...manifest } = JSON.parse(
      await readFile(join(packageFolder, "package.json"), "utf8"),
    )
    await writeFile(join(installed, "package.json"), JSON.stringify({ ...manifest, ...publishConfig }))
    const outDir = join(installed, "dist")
    await build({ ...segmentModule, cwd: packageFolder, config: false, outDir, logLevel: "silent" })
    await writeFile(join(folder, "program.mjs"), program)
    const outfile = join(folder, "bundle.cjs")
    await bundle({
      entryPoints: [join(folder, "program.mjs")],
      bundle: true,
      platform: "node",
      // esbuild sets "module" unless there are other conditions. The other packages are bundled from their sources.
      conditions: ["module", "@singlesink/source"],
      logLevel: "silent",
      outfile,
    })
    return await run(outfile)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
