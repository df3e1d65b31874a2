import type { Output } from "./output/output.ts"
import type { Settings } from "./settings/settings.ts"
import type { Terminal } from "./terminal.ts"

/** What a command gets. */
export interface Context {
  readonly terminal: Terminal
  readonly output: Output
  readonly settings: Settings
}
