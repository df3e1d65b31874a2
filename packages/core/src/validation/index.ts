export type { Issue } from "../errors.ts"
export {
  aBoolean,
  aFunction,
  arrayOf,
  aString,
  assertValid,
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
