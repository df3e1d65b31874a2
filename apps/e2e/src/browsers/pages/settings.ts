/** What the server of the page passes in its address. */
const parameters = new URLSearchParams(location.search)

/** The receiver, which has another origin than the page. */
export const receiver: string = parameters.get("receiver") ?? ""
export const writeKey: string = parameters.get("writeKey") ?? ""

/** What each page sends. */
export const traits = { email: "ada@example.com", name: "Ada" }
export const properties = { plan: "pro", seats: 3, note: "ünïcode 🎉" }
export const group = { name: "Acme" }
