import { createDataApi, type DataApi } from "@singlesink/data-api"
import { undiciFetch } from "@singlesink/data-api/undici"

const {
  SINGLESTORE_URL = "",
  SINGLESTORE_USERNAME = "",
  SINGLESTORE_PASSWORD = "",
  SINGLESTORE_DATABASE = "",
} = process.env

/** Keeps connections open between requests. */
export const fetch = undiciFetch()

export const database: DataApi = createDataApi({
  url: SINGLESTORE_URL,
  username: SINGLESTORE_USERNAME,
  password: SINGLESTORE_PASSWORD,
  database: SINGLESTORE_DATABASE,
  fetch,
})
