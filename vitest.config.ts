import { createRequire } from "node:module"
import { defineConfig } from "vitest/config"

const fromSegment = createRequire(new URL("packages/segment/package.json", import.meta.url))

export default defineConfig({
  // Tests run on the sources of every package, so a fresh clone needs no build.
  ssr: { resolve: { conditions: ["@singlesink/source", "node", "import", "default"] } },
  resolve: {
    // Its ES module does not load in Node; what users run is the CommonJS one.
    alias: { "@segment/actions-core": fromSegment.resolve("@segment/actions-core") },
  },
  test: {
    // Files share a process: starting one for each takes longer than most of them run. What a test replaces it puts back.
    isolate: false,
    // By default one core stays idle, which makes two cores take twice the time.
    maxWorkers: "100%",
    // A test that hangs still fails, and a busy machine has time to answer.
    testTimeout: 20_000,
    hookTimeout: 20_000,
    include: ["{packages,tooling,apps}/*/src/**/*.test.ts", "packages/receiver/live-page/src/**/*.test.ts"],
    // The Jitsu bundle is run as a real ES module in a bare context (vm.SourceTextModule).
    execArgv: ["--experimental-vm-modules", "--no-warnings"],
  },
})
