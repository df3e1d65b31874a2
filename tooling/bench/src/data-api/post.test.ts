import { expect, test } from "vitest"
import { postAll } from "./post.ts"

test("each body is posted once, in order, and so many are under way at once", async () => {
  const bodies = Array.from({ length: 10 }, (_, index) => `body ${index}`)
  const posted: string[] = []
  const underWay: number[] = []
  let now = 0
  await postAll(bodies, 3, async body => {
    posted.push(body)
    underWay.push(++now)
    await new Promise(resolve => setImmediate(resolve))
    now--
  })
  expect(posted).toEqual(bodies)
  expect(Math.max(...underWay)).toBe(3)
})

test("a post that fails ends it", async () => {
  const refuse = () => Promise.reject(new Error("no"))
  await expect(postAll(["a", "b"], 2, refuse)).rejects.toThrow("no")
})
