import type { Bench } from "../bench.ts"
import { grouping } from "../receiver/grouping.ts"
import { memory } from "../receiver/memory.ts"
import { overhead } from "../receiver/overhead.ts"

/** The receiver, the database and the callers are a process each. */
export const receiver: Bench = {
  name: "receiver",
  title: "@singlesink/receiver",
  sides: {},
  workloads: () => [],
  probes: [grouping, overhead, memory],
}
