import { expect, test } from "vitest"
import { openSandbox } from "./sandbox.ts"

/** Sends one request per event, and throws if the event or the answer is an object of another context. */
const suspicious = `export default async (event, ctx) => {
  const answer = await ctx.fetch("https://bench.invalid", { body: event.messageId })
  if (!(event instanceof Object && ctx.props instanceof Object && answer instanceof Object)) throw new Error("foreign")
  if (answer.status !== 200 || (await answer.text()) !== "yes") throw new Error("no answer")
}`

test("Events, settings and answers are objects of the context of the function", async () => {
  const { send, parse, createHost, callInBursts } = await openSandbox(suspicious)
  const bodies: string[] = []
  const ctx = createHost({ table: "t" }, "yes", body => bodies.push(body))
  const events = parse('[{"messageId":"m1"},{"messageId":"m2"},{"messageId":"m3"}]')
  await callInBursts(send, ctx, events, 2)
  expect(bodies).toEqual(["m1", "m2", "m3"])
  expect(ctx.props).toEqual({ table: "t" })
  await expect(send({ messageId: "ours" }, ctx)).rejects.toThrow("foreign")
})

test("A burst begins when all calls of the previous burst have resolved", async () => {
  const { send, parse, createHost, callInBursts } = await openSandbox(`let open = 0
    export default async (event, ctx) => {
      if (event.starts && open > 0) throw new Error("too early")
      open++
      for (let turn = 0; turn < event.turns; turn++) await 0
      open--
    }`)
  const events = parse('[{"turns":1},{"turns":9},{"turns":0,"starts":true}]')
  await expect(callInBursts(send, createHost({}, ""), events, 2)).resolves.toBeUndefined()
  await expect(callInBursts(send, createHost({}, ""), events, 3)).rejects.toThrow("too early")
})

test("The floor stringifies each event", async () => {
  const { parse, stringify } = await openSandbox("export default 0")
  expect(stringify(parse('[{"a":1},{"b":"ä"}]'))).toBe('{"a":1}{"b":"ä"}'.length)
})
