/** What a user does, with the least rights for it. */
export const purposes = ["write", "query", "views", "migrate", "pipeline"] as const
