import { ConfigError, type Issue } from "../errors.ts"

export type { Issue } from "../errors.ts"

/** Checks the value at a path. The value may be a secret in the wrong place, so no issue contains it. */
export type Rule = (value: unknown, path: string) => readonly Issue[]

/** A value for which `isValid` returns true. @param expected completes "`path` must be …" */
export function must<Value>(expected: string, isValid: (value: Value) => boolean): Rule {
  return (value, path) => (isValid(value as Value) ? [] : [toIssue(path, expected)])
}

export function toIssue(path: string, expected: string): Issue {
  return { path, message: `\`${path || "options"}\` must be ${expected}` }
}

export function optional(rule: Rule): Rule {
  return (value, path) => (value === undefined ? [] : rule(value, path))
}

export function oneOf(values: readonly unknown[]): Rule {
  return must(`one of: ${values.join(", ")}`, value => values.includes(value))
}

export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER): Rule {
  const range = max === Number.MAX_SAFE_INTEGER ? `of ${min} or more` : `from ${min} to ${max}`
  return must(
    `an integer ${range}`,
    (value: number) => Number.isInteger(value) && value >= min && value <= max,
  )
}

/** A duration that a timer can wait for. */
export function milliseconds(min = 0): Rule {
  return integer(min, 2 ** 31 - 1)
}

export const aBoolean: Rule = must("true or false", value => typeof value === "boolean")

export const aFunction: Rule = must("a function", value => typeof value === "function")

export const aString: Rule = must("a non-empty string", value => typeof value === "string" && value !== "")

export function arrayOf(rule: Rule): Rule {
  return (value, path) =>
    Array.isArray(value)
      ? // Array.from visits holes, too.
        Array.from(value, (item, index) => rule(item, `${path}.${index}`)).flat()
      : [toIssue(path, "an array")]
}

/** An object with these members and no other. */
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

/** An object with these members, each of them optional. */
export function optionalObjectOf(rules: Readonly<Record<string, Rule>>): Rule {
  const members = Object.entries(rules).map(([name, rule]) => [name, optional(rule)])
  return optional(objectOf(Object.fromEntries(members)))
}

/** The error for wrong options. @param owner what takes the options, such as "createSink" */
export function toInvalidOptionsError(owner: string, issues: readonly Issue[]): ConfigError {
  const message = `Invalid options for ${owner}: ${issues.map(issue => issue.message).join("; ")}.`
  return new ConfigError({ code: "invalid_options", message, issues })
}

/** @throws ConfigError with every issue */
export function assertValid(owner: string, issues: readonly Issue[]): void {
  if (issues.length > 0) throw toInvalidOptionsError(owner, issues)
}
