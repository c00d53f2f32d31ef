import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// A real browser against a real server, in a fresh directory; one file after another.
export default defineConfig({
  test: {
    include: ['e2e/**/*.test.ts'],
    pool: 'forks',
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/node') },
    fileParallelism: false,
    // The steps of a path build on one another.
    bail: 1,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
})
