/** A Data API: an emulator's, or that of a real server. */
export interface Server {
  url: string
  username: string
  password: string
  database: string
}

/** Where a host under test shall send to. */
export interface Target extends Server {
  table: string
}

/** What a host said of one event, in words that all hosts share. */
export type Verdict = "stored" | "rejected" | "failed"

/** A host package behind the smallest face that the suite needs. */
export interface HostUnderTest {
  /** Hands over events as the real host would, many at once, and gives its verdicts in the same order. */
  deliver(events: readonly object[]): Promise<Verdict[]>
  close?(): Promise<void>
}

export type StartHost = (target: Target) => HostUnderTest | Promise<HostUnderTest>
