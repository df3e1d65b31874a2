/**
 * An event in Segment's format, as a host receives it: any object, including instances of classes and interfaces. What
 * a column needs is checked when the event becomes a row, so a missing or wrong field is an outcome and not a type error.
 *
 * @see https://segment.com/docs/connections/spec/common/
 */
export type Event = object
