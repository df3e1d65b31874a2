import { packageConfig } from "../../tsdown.config.ts"

// The packages stay outside, as built; only the tooling is taken in.
export default packageConfig({
  entry: { demo: "src/demo/cli.ts" },
  format: "esm",
  platform: "node",
  fixedExtension: false,
  dts: false,
  publint: false,
  attw: false,
  deps: { onlyBundle: false },
})
