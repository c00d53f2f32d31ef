/** How often something may be done: `burst` at once, then `perSecond`. */
export interface Rate {
  burst: number
  perSecond: number
}

/**
 * Counts uses per key in memory (a token bucket each). `take` returns 0 when the use is allowed, otherwise the seconds
 * until it would be. Keys that have filled up again are forgotten.
 */
export function rateLimit(rate: Rate, clock: () => number = Date.now) {
  const buckets = new Map<string, { left: number; at: number }>()
  const fullAfterMs = (rate.burst / rate.perSecond) * 1000
  let sweptAt = clock()
  return {
    take(key: string): number {
      const now = clock()
      if (now - sweptAt > fullAfterMs) {
        for (const [name, bucket] of buckets) if (now - bucket.at > fullAfterMs) buckets.delete(name)
        sweptAt = now
      }
      const bucket = buckets.get(key) ?? { left: rate.burst, at: now }
      bucket.left = Math.min(rate.burst, bucket.left + ((now - bucket.at) / 1000) * rate.perSecond)
      bucket.at = now
      buckets.set(key, bucket)
      if (bucket.left < 1) return Math.max(1, Math.ceil((1 - bucket.left) / rate.perSecond))
      bucket.left -= 1
      return 0
    },
  }
}
export type RateLimit = ReturnType<typeof rateLimit>
