import fc from "fast-check"
import { expect, test } from "vitest"
import { createNames, fold, maxNameLength, toName, toSnakeCase } from "./names.ts"

test.each([
  ["plan", "plan"],
  ["first name", "first_name"],
  ["a.b", "a_b"],
  ["it's", "it_s"],
  ["__typename", "__typename"],
  ["productId", "productId"],
  ["größe", "größe"],
  ["価格", "価格"],
  ["🎉 party 🎉", "party"],
  ["(!)", "property"],
  ["", "property"],
])("The property %j has the column %s", (key, name) => {
  expect(toName(key, "property")).toBe(name)
})

test.each([
  ["Signed Up", "signed_up"],
  ["signedUp", "signed_up"],
  ["Order Completed (v2)", "order_completed_v2"],
  ["HTTPError", "http_error"],
  ["Bestellung über 5 €", "bestellung_über_5"],
  ["注文", "注文"],
  ["?!", "event"],
])("The event %j has the view %s", (event, name) => {
  expect(toSnakeCase(event, "event")).toBe(name)
})

test("Names that differ only in case or accents get a number", () => {
  const names = createNames(["userId"])
  expect(["plan", "Plan", "PLAN", "plân", "USERID"].map(names.take)).toEqual([
    "plan",
    "Plan_2",
    "PLAN_3",
    "plân_4",
    "USERID_2",
  ])
})

test("For all texts the names are distinct, not empty, and at most 64 characters of the BMP", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary", maxLength: 200 })), texts => {
      const names = createNames([])
      const found = texts
        .flatMap(text => [toName(text, "property"), toSnakeCase(text, "event")])
        .map(names.take)
      expect(new Set(found.map(fold)).size).toBe(found.length)
      for (const name of found) expect(name).toMatch(/^[\p{L}\p{M}\p{N}_]+$/u)
      for (const name of found) expect(name.length).toBeLessThanOrEqual(maxNameLength)
      for (const name of found) expect([...name]).toHaveLength(name.length)
    }),
  )
})
