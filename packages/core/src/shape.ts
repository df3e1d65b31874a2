/**
 * What is wrong with the value at a path, as sentences without the value, which may be a secret that slipped. Only the
 * name of a member that is not known is shown.
 */
export type Rule = (value: unknown, path: string) => readonly string[]

/** A value of which a function says whether it is right. */
export function must<Value>(text: string, isRight: (value: Value) => boolean): Rule {
  return (value, path) => (isRight(value as Value) ? [] : [`${path} ${text}`])
}

export function optional(rule: Rule): Rule {
  return (value, path) => (value === undefined ? [] : rule(value, path))
}

export function listOf(rule: Rule): Rule {
  return (value, path) =>
    Array.isArray(value)
      ? // A hole is an item that is missing.
        Array.from(value, (item, index) => rule(item, `${path}.${index}`)).flat()
      : [`${path} is not of type array`]
}

/** An object with these members and no other. */
export function objectOf(rules: Readonly<Record<string, Rule>>): Rule {
  return (value, path) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return [`${path || "options"} is not of type object`]
    }
    const at = (member: string) => (path === "" ? member : `${path}.${member}`)
    const unknown = Object.keys(value).filter(member => !Object.hasOwn(rules, member))
    return [
      ...Object.entries(rules).flatMap(([member, rule]) => rule(value[member as never], at(member))),
      ...(unknown.length === 0
        ? []
        : [`${path || "options"} has a member that is not known: ${unknown.join(", ")}`]),
    ]
  }
}
