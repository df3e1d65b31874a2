import { createFunction } from "@singlesink/jitsu"

export { config } from "@singlesink/jitsu"
export default createFunction({ table: "segment_data" })
