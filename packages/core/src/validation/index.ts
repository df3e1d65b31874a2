/**
 * The rules that check options, for a host of your own.
 *
 * @module @singlesink/core/validation
 */

export {
  aBoolean,
  aFunction,
  arrayOf,
  aString,
  assertValid,
  type Issue,
  integer,
  milliseconds,
  must,
  objectOf,
  oneOf,
  optional,
  optionalObjectOf,
  type Rule,
  toInvalidOptionsError,
  toIssue,
} from "./rules.ts"
export { isSchema, type Schema, type SchemaIssue, type SchemaResult, toPaths } from "./schema.ts"
