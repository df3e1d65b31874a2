import { aBoolean, assertValid, milliseconds, objectOf, oneOf, optional } from "@singlesink/core/validation"

/** The options of `createDestination`. A user of the destination does not see them. */
export interface DestinationOptions {
  /** `false` is for tables without a unique key, such as those that Segment's own destination creates. @default true */
  deduplicate?: boolean | undefined
  /** `http` is for a self-managed Data API without TLS, and for tests. @default "https" */
  protocol?: "https" | "http" | undefined
  /** Rejects hosts with private and loopback addresses, for a worker of many tenants. @default false */
  forbidPrivateHosts?: boolean | undefined
  /** Lets Segment's deletion requests delete the rows of a user. @default false */
  allowUserDeletion?: boolean | undefined
  /**
   * How long a call of Segment may take, in milliseconds. Then its requests end, and the events that have no outcome fail
   * and are sent again. @default 9000
   */
  timeoutMs?: number | undefined
}

const rule = objectOf({
  deduplicate: optional(aBoolean),
  protocol: optional(oneOf(["https", "http"])),
  forbidPrivateHosts: optional(aBoolean),
  allowUserDeletion: optional(aBoolean),
  timeoutMs: optional(milliseconds(1)),
})

type ResolvedOptions = {
  readonly [Name in keyof DestinationOptions]-?: Exclude<DestinationOptions[Name], undefined>
}

/** The options with their defaults. @throws ConfigError with every mistake */
export function resolveOptions(options: DestinationOptions): ResolvedOptions {
  assertValid("createDestination", rule(options, ""))
  const {
    deduplicate = true,
    protocol = "https",
    forbidPrivateHosts = false,
    allowUserDeletion = false,
    timeoutMs = 9_000,
  } = options
  return { deduplicate, protocol, forbidPrivateHosts, allowUserDeletion, timeoutMs }
}
