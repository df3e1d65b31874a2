import { ConfigError, type Issue } from "../errors.ts"

export type { Issue } from "../errors.ts"

/** Checks the value at a path. The value may be a secret in the wrong place, so no issue contains it. */
export type Rule = (value: unknown, path: string) => readonly Issue[]

/**
 * A value for which `isValid` returns true.
 *
 * @param expected completes "`path` must be …"
 * @example
 * const port = must("a port", (value: number) => Number.isInteger(value) && value > 0 && value < 65_536)
 * port(0, "port") // [{ path: "port", message: "`port` must be a port" }]
 */
export function must<Value>(expected: string, isValid: (value: Value) => boolean): Rule {
  return (value, path) => (isValid(value as Value) ? [] : [toIssue(path, expected)])
}

/**
 * The issue of a value at a path.
 *
 * @param expected completes "`path` must be …"
 * @example
 * toIssue("limits.maxRows", "an integer") // { path: "limits.maxRows", message: "`limits.maxRows` must be an integer" }
 */
export function toIssue(path: string, expected: string): Issue {
  return { path, message: `\`${path || "options"}\` must be ${expected}` }
}

/**
 * The rule, or undefined.
 *
 * @example
 * optional(aString)(undefined, "name") // []
 */
export function optional(rule: Rule): Rule {
  return (value, path) => (value === undefined ? [] : rule(value, path))
}

/**
 * One of these values.
 *
 * @example
 * oneOf(["http", "https"])("ftp", "protocol") // [{ …, message: "`protocol` must be one of: http, https" }]
 */
export function oneOf(values: readonly unknown[]): Rule {
  return must(`one of: ${values.join(", ")}`, value => values.includes(value))
}

/**
 * An integer of a range, whose ends are included.
 *
 * @param max @default Number.MAX_SAFE_INTEGER
 * @example
 * integer(1, 10)(11, "attempts") // [{ …, message: "`attempts` must be an integer from 1 to 10" }]
 */
export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER): Rule {
  const range = max === Number.MAX_SAFE_INTEGER ? `of ${min} or more` : `from ${min} to ${max}`
  return must(
    `an integer ${range}`,
    (value: number) => Number.isInteger(value) && value >= min && value <= max,
  )
}

/**
 * A duration that a timer can wait for: an integer up to 2,147,483,647.
 *
 * @param min @default 0
 * @example
 * milliseconds(1)(0, "timeoutMs") // one issue
 */
export function milliseconds(min = 0): Rule {
  return integer(min, 2 ** 31 - 1)
}

/** True or false. */
export const aBoolean: Rule = must("true or false", value => typeof value === "boolean")

/** A function. */
export const aFunction: Rule = must("a function", value => typeof value === "function")

/** A string that is not empty. */
export const aString: Rule = must("a non-empty string", value => typeof value === "string" && value !== "")

/**
 * An array whose items all follow the rule. The path of an item ends with its index.
 *
 * @example
 * arrayOf(aString)(["a", ""], "keys") // [{ path: "keys.1", … }]
 */
export function arrayOf(rule: Rule): Rule {
  return (value, path) =>
    Array.isArray(value)
      ? // Array.from visits holes, too.
        Array.from(value, (item, index) => rule(item, `${path}.${index}`)).flat()
      : [toIssue(path, "an array")]
}

/**
 * An object with these members and no other.
 *
 * @example
 * objectOf({ host: aString, port: optional(integer(1)) })({ host: "h", prot: 1 }, "") // "Unknown option `prot`"
 */
export function objectOf(rules: Readonly<Record<string, Rule>>): Rule {
  return (value, path) => {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return [toIssue(path, "an object")]
    const at = (name: string) => (path === "" ? name : `${path}.${name}`)
    const unknown = Object.keys(value).filter(name => !Object.hasOwn(rules, name))
    return [
      ...Object.entries(rules).flatMap(([name, rule]) => rule(value[name as never], at(name))),
      ...unknown.map(name => ({ path: at(name), message: `Unknown option \`${at(name)}\`` })),
    ]
  }
}

/**
 * Undefined, or an object with these members, each of them optional.
 *
 * @example
 * optionalObjectOf({ maxRows: integer(1) })({}, "limits") // []
 */
export function optionalObjectOf(rules: Readonly<Record<string, Rule>>): Rule {
  const members = Object.entries(rules).map(([name, rule]) => [name, optional(rule)])
  return optional(objectOf(Object.fromEntries(members)))
}

/**
 * The error for wrong options, with every issue in its message.
 *
 * @param owner what takes the options, such as "createSink"
 * @example
 * throw toInvalidOptionsError("createSink", [toIssue("table", "a non-empty string")])
 */
export function toInvalidOptionsError(owner: string, issues: readonly Issue[]): ConfigError {
  const message = `Invalid options for ${owner}: ${issues.map(issue => issue.message).join("; ")}.`
  return new ConfigError({ code: "invalid_options", message, issues })
}

/**
 * Throws if there is an issue.
 *
 * @param owner what takes the options, such as "createSink"
 * @throws ConfigError with every issue
 * @example
 * assertValid("createSink", objectOf({ table: aString })(options, ""))
 */
export function assertValid(owner: string, issues: readonly Issue[]): void {
  if (issues.length > 0) throw toInvalidOptionsError(owner, issues)
}
