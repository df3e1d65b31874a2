import commonjs from "@rollup/plugin-commonjs"
import json from "@rollup/plugin-json"
import nodeResolve from "@rollup/plugin-node-resolve"

export default {
  input: "program.mjs",
  // undici requires node:sqlite only if its cache is used, and not every Node has it.
  plugins: [nodeResolve({ preferBuiltins: true }), commonjs({ ignore: ["node:sqlite"] }), json()],
  output: {
    file: "out/rollup/bundle.mjs",
    banner: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  },
}
