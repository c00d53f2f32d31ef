import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// Files that mock a module, change the schema or break connections have a process of their own.
const alone = ['src/host/{migrate,database,jobs}.test.ts', 'src/office/sign-in.test.ts']

// What starts whole servers, copies whole data directories or links a county again and again takes long: it is for `npm test`,
// not for every check.
const whole = ['src/cli.test.ts', 'src/host/backup*.test.ts', 'src/linkage/{bulk,undo}.test.ts']

// The same suite runs over the embedded database and, when TEST_DATABASE_URL is set, over PostgreSQL. Two processes share the
// files, and each opens its database once.
export default defineConfig({
  test: {
    pool: 'forks',
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/node') },
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: 'shared', isolate: false, include: ['{src,tools}/**/*.test.ts'], exclude: [...alone, ...whole] },
      },
      { extends: true, test: { name: 'alone', include: alone } },
      { extends: true, test: { name: 'whole', include: whole } },
    ],
  },
})
