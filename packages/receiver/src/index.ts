export type { Database, LiveOptions, ReceiverOptions } from "./options.ts"
export { createReceiver } from "./receiver.ts"
