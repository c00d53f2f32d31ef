import { defineConfig } from 'vitest/config'

// The same suite runs over the embedded database and, when TEST_DATABASE_URL is set, over PostgreSQL.
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'tools/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
