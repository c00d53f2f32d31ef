import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Where Debian puts the browser that the browser tests drive. */
export const chromiumPath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'

/** Makes sure Chromium and a Chinese font are there: installs Debian's packages when it may, else says how. */
export function ensureBrowser(): void {
  const fonts = ['/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc', '/usr/share/fonts/truetype/wqy']
  if (existsSync(chromiumPath) && fonts.some((path) => existsSync(path))) return
  if (process.getuid?.() !== 0) {
    throw new Error('浏览器测试需要 Chromium 与中文字体。请执行：sudo apt-get install chromium fonts-noto-cjk')
  }
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'] }
  execFileSync('apt-get', ['update', '-qq'], quiet)
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-noto-cjk'], {
    ...quiet,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
}

if (import.meta.main) ensureBrowser()
