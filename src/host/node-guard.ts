import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// Imported first by each door, for its effect: a sentence instead of a puzzling error further down.
if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(
    `平台需要 Node.js 24，现在运行的是 ${process.versions.node}。请用 npm start、npm run demo 等命令启动，它们自带 Node 24。\n`,
  )
  process.exit(1)
}

// Compiled code is kept beside the packages: doors and threads start in half the time. Where that folder cannot be written
// nothing is kept.
const kept = join(import.meta.dirname, '../../node_modules/.cache/node')
process.env['NODE_COMPILE_CACHE'] ??= kept
enableCompileCache(process.env['NODE_COMPILE_CACHE'])
