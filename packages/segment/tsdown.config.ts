import { packageConfig } from "../../tsdown.config.ts"

// The ES module only passes on what the CommonJS build exports: actions-core has no ES module that Node can load,
// and a second copy of the destination would have a MultiStatusResponse that actions-core does not recognise.
const esm = {
  entry: { index: "src/esm.ts" },
  format: "esm",
  platform: "node",
  fixedExtension: false,
} as const

export default [
  packageConfig({ format: "cjs" }),
  // Both are checked once, with the first.
  packageConfig({ ...esm, clean: false, publint: false, attw: false }),
]
