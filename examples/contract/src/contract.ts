import { z } from "zod"

/** What each track event must contain. An event that is not listed is stored as it is. */
export const contract = {
  "Order Completed": z.looseObject({
    properties: z.looseObject({
      orderId: z.string(),
      revenue: z.number().positive(),
      currency: z.enum(["EUR", "USD"]),
    }),
  }),
  "Signed Up": z.looseObject({ properties: z.looseObject({ plan: z.enum(["free", "pro"]) }) }),
}
