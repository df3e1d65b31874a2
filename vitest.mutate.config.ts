import { defineConfig } from "vitest/config"
import everyTest from "./vitest.config.ts"

/** Core's own tests: what `pnpm mutate` changes in core, they must notice. */
export default defineConfig({
  ...everyTest,
  test: {
    ...everyTest.test,
    isolate: true,
    include: ["packages/core/src/**/*.test.ts"],
    exclude: ["**/model/**"],
  },
})
