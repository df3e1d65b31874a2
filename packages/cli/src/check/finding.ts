/** The answer of one check. */
export interface Finding {
  readonly status: "ok" | "warning" | "failed" | "skipped"
  /** What was found and what to do, as sentences. */
  readonly message: string
  /** Statements that correct it. */
  readonly sql?: readonly string[]
}

export const ok = (message: string): Finding => ({ status: "ok", message })

export const warning = (message: string, sql: readonly string[] = []): Finding => ({
  status: "warning",
  message,
  sql,
})

export const failed = (message: string, sql: readonly string[] = []): Finding => ({
  status: "failed",
  message,
  sql,
})

export const skipped = (message: string): Finding => ({ status: "skipped", message })
