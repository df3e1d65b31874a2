/**
 * An event in Segment's form, as a host hands it over. Every member is optional and of unknown type, because
 * a sink meets what clients really send; what a column needs is checked when the row is made.
 *
 * @see https://segment.com/docs/connections/spec/common/
 */
export interface AnalyticsEvent {
  readonly [member: string]: unknown
  /** The sender's unique id; the same id is stored once. */
  readonly messageId?: unknown
  /** When it happened: extended ISO 8601, a Date, or whole epoch milliseconds. */
  readonly timestamp?: unknown
  /** track, page, screen, identify, group or alias; any other text is stored as it is. */
  readonly type?: unknown
}
