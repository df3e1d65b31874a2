import { type Command, Option } from "commander"

/** The flags of `serve`. */
export interface ServeFlags {
  readonly listen: string
  readonly writeKeyFile?: string
  readonly anonymous?: boolean
  /** `false` with --no-dead-letters. */
  readonly deadLetters: string | false
  readonly schema?: string
  readonly onViolation?: "reject" | "observe"
  readonly cors?: readonly string[]
  readonly trustProxy?: string
  readonly recordIp: boolean
  readonly maxCallsPerSecond?: string
  readonly live?: boolean
  readonly showValues?: boolean
}

const defaultListen = "127.0.0.1:8080"
const defaultDeadLetters = "dead-letters.ndjson"

/** Adds the options of `serve`. receiver-options.ts reads them. */
export function addServeOptions(command: Command): Command {
  return command
    .option("--listen <address>", "the address and port to listen on", defaultListen)
    .option(
      "--write-key-file <file>",
      "a file with the write keys, one in a line, KEY or KEY=TABLE (SINGLESINK_WRITE_KEYS, separated by commas)",
    )
    .option("--anonymous", "accept calls without a write key")
    .option("--dead-letters <file>", "append rejected events to this file", defaultDeadLetters)
    .option("--no-dead-letters", "only list rejected events in the answer")
    .option("--schema <file>", "a JSON Schema for all events, or an object with one for each event name")
    .addOption(
      new Option("--on-violation <action>", "what happens to an event that violates its schema").choices([
        "reject",
        "observe",
      ]),
    )
    .option(
      "--cors <origin>",
      'an origin whose browsers may call, such as https://www.example.com, or "*"; repeatable',
      (origin: string, origins: string[] = []) => [...origins, origin],
    )
    .option("--trust-proxy <addresses>", "proxies whose X-Forwarded-For counts, separated by commas")
    .option("--no-record-ip", "do not set context.ip")
    .option("--max-calls-per-second <calls>", "the most calls of a key in a second")
    .option("--live", "serve the live page; its key is SINGLESINK_LIVE_KEY, or a new one at each start")
    .option("--show-values", "show the values of events on the live page")
}
