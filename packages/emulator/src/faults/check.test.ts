import { expect, test } from "vitest"
import { checkFault } from "./check.ts"

test.each([
  [null, "A fault must be an object with a `kind`, not null."],
  [[], "A fault must be an object with a `kind`, not []."],
  [
    {},
    "`kind` of a fault must be one of respond, disconnect, hang, reset, truncate, delay, body_limit, reject_rows, not undefined.",
  ],
  [{ kind: "constructor" }, "`kind` of a fault must be one of respond, disconnect, hang, reset, truncate"],
  [
    { kind: "truncate", time: 2 },
    "Unknown member `time` of a `truncate` fault. It takes on, skip, times, chance, milliseconds.",
  ],
  [{ kind: "respond" }, "A `respond` fault needs `status` or `engineCode`."],
  [{ kind: "delay", part: undefined, milliseconds: 1 }, "A `delay` fault needs `part`."],
  [{ kind: "delay", part: "body" }, "A `delay` fault needs `milliseconds`."],
  [{ kind: "body_limit" }, "A `body_limit` fault needs `maxBytes`."],
  [{ kind: "reject_rows" }, "A `reject_rows` fault needs `every` or `containing`."],
  [
    { kind: "respond", status: "503" },
    '`status` of a `respond` fault must be a whole number from 200 to 599, not "503".',
  ],
  [{ kind: "respond", status: 100 }, "must be a whole number from 200 to 599, not 100."],
  [{ kind: "respond", engineCode: 0 }, "must be a whole number from 1 to 9999, not 0."],
  [
    { kind: "respond", status: 429, headers: { "retry-after": "1\r\nx-evil: 1" } },
    "`headers` of a `respond` fault must be an object of valid HTTP headers, not",
  ],
  [{ kind: "respond", status: 429, headers: "a" }, "must be an object of valid HTTP headers"],
  [
    { kind: "hang", times: 0 },
    '`times` of a `hang` fault must be "always" or a whole number of at least 1, not 0.',
  ],
  [{ kind: "hang", chance: 2 }, "`chance` of a `hang` fault must be a number from 0 to 1, not 2."],
  [{ kind: "hang", after: "body" }, '`after` of a `hang` fault must be "commit", not "body".'],
  [{ kind: "reset", at: "end" }, '`at` of a `reset` fault must be "start" or "body" or "commit", not "end".'],
  [{ kind: "reset", skip: 1.5 }, "`skip` of a `reset` fault must be a whole number of at least 0, not 1.5."],
  [
    { kind: "reject_rows", every: 2, engineCode: 1366, body: "no" },
    "A `reject_rows` fault takes `body` or `engineCode`, not both.",
  ],
])("The fault %j is refused with one sentence", (fault, sentence) => {
  expect(() => checkFault(fault)).toThrow(TypeError)
  expect(() => checkFault(fault)).toThrow(sentence)
})

test("A valid fault is returned without its undefined members", () => {
  const headers = { "retry-after": "2" }
  expect(checkFault({ kind: "respond", status: 503, headers, body: undefined })).toEqual({
    kind: "respond",
    status: 503,
    headers,
  })
})
