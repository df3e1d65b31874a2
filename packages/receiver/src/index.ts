/**
 * An HTTP server for SDKs and webhooks.
 *
 * @module @singlesink/receiver
 */

export type { Database, LiveOptions, ReceiverOptions } from "./options.ts"
export { createReceiver } from "./receiver.ts"
