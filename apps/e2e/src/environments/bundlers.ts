import { cp, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { step } from "../packed/step.ts"
import { type Environment, expectEvent, runLine } from "./project.ts"

interface Bundler {
  readonly packages: string
  readonly command: string
  readonly bundle: string
}

const bundlers: Readonly<Record<string, Bundler>> = {
  esbuild: {
    packages: "esbuild",
    command:
      "esbuild program.cjs --bundle --platform=node --log-level=error --outfile=out/esbuild/bundle.cjs",
    bundle: "out/esbuild/bundle.cjs",
  },
  webpack: {
    packages: "webpack webpack-cli",
    command:
      "webpack ./program.mjs --mode=production --target=node20 -o out/webpack --output-filename bundle.cjs --stats=errors-only",
    bundle: "out/webpack/bundle.cjs",
  },
  rollup: {
    packages: "rollup @rollup/plugin-node-resolve @rollup/plugin-commonjs @rollup/plugin-json",
    command: "rollup -c rollup.config.mjs --silent",
    bundle: "out/rollup/bundle.mjs",
  },
  ncc: {
    packages: "@vercel/ncc",
    command: "ncc build program.cjs -o out/ncc -q",
    bundle: "out/ncc/index.cjs",
  },
}

// undici requires node:sqlite only if its cache is used, and not every Node has it.
const rollupConfig = `import commonjs from "@rollup/plugin-commonjs"
import json from "@rollup/plugin-json"
import nodeResolve from "@rollup/plugin-node-resolve"

export default {
  input: "program.mjs",
  plugins: [nodeResolve({ preferBuiltins: true }), commonjs({ ignore: ["node:sqlite"] }), json()],
  output: {
    file: "out/rollup/bundle.mjs",
    banner: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  },
}
`

/** @param project a project that npm has installed */
export async function checkBundlers(environment: Environment, project: string): Promise<void> {
  const packages = Object.values(bundlers).map(bundler => bundler.packages)
  await runLine(environment, project, `npm install --no-audit --no-fund ${packages.join(" ")}`)
  await writeFile(join(project, "rollup.config.mjs"), rollupConfig)
  for (const [name, { command, bundle }] of Object.entries(bundlers)) {
    await step(
      async () => {
        await runLine(environment, project, `npx ${command}`)
        // In an empty folder it can use nothing but itself.
        const alone = join(environment.folder, `bundle-${name}`)
        await cp(join(project, bundle), join(alone, bundle))
        await writeFile(join(alone, "package.json"), "{}")
        await expectEvent(environment, alone, `node ${bundle}`)
      },
      () => `${name}: the bundle runs without node_modules, and stores an event`,
    )
  }
}
