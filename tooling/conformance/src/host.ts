/** The Data API of an emulator or of a real server. */
export interface Server {
  url: string
  username: string
  password: string
  database: string
}

/** The server and the table that a host under test sends to. */
export interface Target extends Server {
  table: string
}

/** The outcome of one event as the host reports it, in the same words for every host. */
export type Outcome = "stored" | "rejected" | "failed"

/** A host package, reduced to the interface that the suite needs. */
export interface HostUnderTest {
  /** Delivers events as the real host does, many at once, and returns their outcomes in the same order. */
  deliver(events: readonly object[]): Promise<Outcome[]>
  close?(): Promise<void>
}

export type StartHost = (target: Target) => HostUnderTest | Promise<HostUnderTest>
