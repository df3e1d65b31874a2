import type { Readable, Writable } from "node:stream"

/** The streams and variables of a process. Tests pass their own. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin: Readable & { readonly isTTY?: boolean | undefined }
  readonly stdout: Writable & { readonly isTTY?: boolean | undefined; readonly columns?: number | undefined }
  readonly stderr: Writable & { readonly isTTY?: boolean | undefined; readonly columns?: number | undefined }
  /**
   * Calls `stop` at the first Ctrl+C or SIGTERM; the second one ends the process. Without a listener the first one does.
   * Returns a function that removes the listener.
   */
  readonly onInterrupt: (stop: () => void) => () => void
}
