import { packageConfig, type UserConfig } from "../../tsdown.config.ts"

// A user installs this package alone: ours and zod are inside, types included.
const inside = { alwaysBundle: [/^@singlesink\//, /^zod/], onlyBundle: false as const }
// From their sources, so that a test can make the bundle without a build.
const inputOptions = { resolve: { conditionNames: ["@singlesink/source", "import", "default"] } }

/** The single file for Jitsu: an ES module that imports nothing, to paste, upload or deploy. */
export const bundle: UserConfig = {
  entry: { bundle: "src/index.ts" },
  format: "esm",
  target: "es2022",
  platform: "neutral",
  minify: true,
  dts: false,
  clean: false,
  deps: inside,
  inputOptions,
}

export default [
  packageConfig({
    deps: inside,
    inputOptions,
    // Plain JavaScript for a sandbox: nobody imports it, so it has no types.
    attw: { profile: "strict", level: "error", excludeEntrypoints: ["./bundle"] },
  }),
  bundle,
]
