import { createHmac } from "node:crypto"
import { readFileSync } from "node:fs"
import { connect } from "node:net"
import { expect, onTestFinished, test } from "vitest"
import { startReceiver, type TestReceiver } from "../testing/receiver.ts"

const signingSecret = "a-shared-secret"
const folder = new URL("../../../../docs/hosts/", import.meta.url)

interface HttpRequest {
  readonly head: string
  readonly body: string
}

/** The requests that the pages of the documentation contain. */
const recipes = ["rudderstack", "jitsu-webhook", "segment-webhook", "sdk"].flatMap(name => {
  const page = readFileSync(new URL(`${name}.md`, folder), "utf8")
  return [...page.matchAll(/^```http\n(.*?)\n\n(.*?)\n```$/gms)].map(([, head = "", body = ""], index) => ({
    name: `${name}, request ${index + 1}`,
    page,
    head,
    body,
  }))
})

/** The keys that the pages start the receiver with. */
const toWriteKeys = (page: string) => /SINGLESINK_WRITE_KEYS=(\S+)/.exec(page)?.[1]?.split(",") ?? []

/** The example of a signature is a placeholder: here it is made of the body. */
function sign({ head, body }: HttpRequest): string {
  const digest = createHmac("sha1", signingSecret).update(body).digest("hex")
  return head.replace(/(X-(?:Segment-)?Signature): .*/, `$1: ${digest}`)
}

/** Sends a request as it is written, with the length of its body. @returns the status */
function replay(url: string, { head, body }: HttpRequest): Promise<number> {
  const { hostname, port, host } = new URL(url)
  const [start, ...headers] = head.split("\n")
  const length = `Content-Length: ${Buffer.byteLength(body)}`
  const lines = [start, `Host: ${host}`, ...headers, length, "Connection: close", "", body]
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(lines.join("\r\n")))
    let answer = ""
    socket.on("data", chunk => {
      answer += chunk
    })
    socket.on("error", reject)
    socket.on("close", () => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1])))
  })
}

const startRecipe = (page: string): Promise<TestReceiver> =>
  startReceiver({ writeKeys: toWriteKeys(page), signingSecret, answerTimeoutMs: 500 })

type Given = Record<string, unknown>

/** The events of a body: one, an array, or a batch. */
function toEvents(body: string): Given[] {
  const parsed = JSON.parse(body) as Given & { batch?: Given[] }
  return Array.isArray(parsed) ? parsed : (parsed.batch ?? [parsed])
}

test("The pages have requests to replay", () => {
  expect(recipes.map(({ name }) => name)).toEqual([
    "rudderstack, request 1",
    "rudderstack, request 2",
    "jitsu-webhook, request 1",
    "jitsu-webhook, request 2",
    "segment-webhook, request 1",
    "segment-webhook, request 2",
    "sdk, request 1",
    "sdk, request 2",
  ])
})

test.each(recipes)("The request is answered 200, and its rows are its events: $name", async recipe => {
  const { url, rows } = await startRecipe(recipe.page)
  const request = { ...recipe, head: sign(recipe) }
  expect(await replay(url, request)).toBe(200)
  // A host that lost the answer sends the same again.
  expect(await replay(url, request)).toBe(200)
  const events = toEvents(recipe.body).sort((a, b) => String(a.messageId).localeCompare(String(b.messageId)))
  const expected = events.map(
    ({ messageId, userId, anonymousId, groupId, event, name, timestamp, ...rest }) => ({
      messageId,
      type: rest.type ?? "track",
      userId: userId ?? null,
      anonymousId: anonymousId ?? null,
      groupId: groupId ?? null,
      event: event ?? null,
      name: name ?? null,
      properties: rest.properties ?? null,
      traits: rest.traits ?? null,
      timestamp: `${String(timestamp).replace("T", " ").replace("Z", "")}000`,
    }),
  )
  expect(await rows()).toMatchObject(expected)
  expect(await rows()).toHaveLength(expected.length)
})

test.each(recipes)("Without its key or signature the request is answered 401: $name", async recipe => {
  const { url, emulator } = await startRecipe(recipe.page)
  const head = recipe.head
    .split("\n")
    .filter(line => !/^(x-|authorization)/i.test(line))
    .join("\n")
  expect(await replay(url, { ...recipe, head })).toBe(401)
  expect(emulator.requests).toEqual([])
})

test.each(recipes)("While the database is away the host is asked to send it again: $name", async recipe => {
  const { url, emulator, rows } = await startRecipe(recipe.page)
  const fault = await emulator.injectFault({ kind: "respond", status: 503, milliseconds: 60_000 })
  onTestFinished(() => emulator.clearFaults())
  const request = { ...recipe, head: sign(recipe) }
  expect(await replay(url, request)).toBe(503)
  expect(fault.fired).toBeGreaterThan(0)
  emulator.clearFaults()
  await expect.poll(() => replay(url, request), { timeout: 10_000 }).toBe(200)
  expect(await rows()).toHaveLength(toEvents(recipe.body).length)
})
