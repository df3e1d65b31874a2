import type { Bench } from "../bench.ts"
import { load } from "../command-line/load.ts"

/** The command as it is built, in a process of its own. */
export const commandLine: Bench = {
  name: "command line",
  title: "@singlesink/cli: load",
  sides: {},
  workloads: () => [],
  probes: [load],
}
