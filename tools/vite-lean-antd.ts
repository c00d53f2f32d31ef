import type { Plugin } from 'vite'

/** Components that no screen uses: folder in antd → class prefixes of its styles. */
const unused: Record<string, readonly string[]> = {
  affix: ['affix'],
  anchor: ['anchor'],
  avatar: ['avatar'],
  breadcrumb: ['breadcrumb'],
  calendar: ['picker-calendar'],
  card: ['card'],
  carousel: ['carousel'],
  cascader: ['cascader'],
  collapse: ['collapse'],
  'color-picker': ['color-picker'],
  'date-picker': ['picker'],
  descriptions: ['descriptions'],
  'float-button': ['float-btn'],
  image: ['image'],
  layout: ['layout'],
  list: ['list'],
  listy: ['listy'],
  masonry: ['masonry'],
  mentions: ['mentions'],
  message: ['message'],
  notification: ['notification'],
  progress: ['progress'],
  'qr-code': ['qrcode'],
  rate: ['rate'],
  result: ['result'],
  slider: ['slider'],
  splitter: ['splitter'],
  statistic: ['statistic'],
  steps: ['steps'],
  'time-picker': ['picker-time'],
  timeline: ['timeline'],
  tour: ['tour'],
  transfer: ['transfer'],
  typography: ['typography'],
  upload: ['upload'],
}

// Besides them: the default theme's variables, right-to-left writing, and columns by screen width (our sheets lay out pages).
const dropped = new RegExp(
  `\\.ant-(?:${Object.values(unused).flat().join('|')})(?![a-z0-9])|\\.css-var-_R_|data-ant-cssinjs-cache-path|-rtl(?![a-z])|\\.ant-col-(?:xs|sm|md|lg|xl|xxl|xxxl)-`,
)

/**
 * Ant Design's static sheet without what is never shown: components of the list above, right-to-left writing, and the
 * variables of its default theme (ours are set by `theme.ts`). A build that does contain a listed component is stopped.
 */
export function leanAntd(): Plugin {
  return {
    name: 'lean-antd',
    apply: 'build',
    enforce: 'pre',
    transform: {
      filter: { id: /antd[\\/]dist[\\/]antd\.css$/ },
      handler: (sheet) => ({ code: leanSheet(sheet), map: null }),
    },
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue
        for (const [id, module] of Object.entries(file.modules)) {
          // A component that is shown brings its style hook; helpers taken from its folder do not.
          const folder = /antd[\\/]es[\\/]([a-z-]+)[\\/]style[\\/]/.exec(id)?.[1]
          if (!folder || !(folder in unused) || module.renderedLength === 0) continue
          this.error(
            `antd 的 ${folder} 用到了，而样式表里省去了它：请从 tools/vite-lean-antd.ts 的 unused 中删去这一行。（${id}）`,
          )
        }
      }
    },
  }
}

/** Drops rules and selectors; rules inside at-rules are looked at too, the same key frames are kept once. */
export function leanSheet(sheet: string, seen = new Set<string>()): string {
  let lean = ''
  for (const { head, body } of rules(sheet)) {
    if (/^@(?:media|supports|container|layer)/.test(head)) {
      const inner = leanSheet(body, seen)
      if (inner) lean += `${head}{${inner}}`
    } else if (head.startsWith('@')) {
      const whole = `${head}{${body}}`
      if (!seen.has(whole)) lean += whole
      seen.add(whole)
    } else {
      const kept = selectors(head).filter((selector) => !dropped.test(selector))
      if (kept.length > 0) lean += `${kept.join(',')}{${body}}`
    }
  }
  return lean
}

/** The rules of one level: what stands before a brace, and what stands inside it. */
function* rules(sheet: string): Generator<{ head: string; body: string }> {
  let at = 0
  while (at < sheet.length) {
    const open = sheet.indexOf('{', at)
    if (open < 0) return
    let depth = 1
    let close = open + 1
    for (; close < sheet.length && depth > 0; close++) {
      if (sheet[close] === '{') depth++
      else if (sheet[close] === '}') depth--
    }
    yield { head: sheet.slice(at, open).trim(), body: sheet.slice(open + 1, close - 1) }
    at = close
  }
}

/** The selectors of a list; commas inside brackets do not part them. */
function selectors(head: string): string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at < head.length; at++) {
    const letter = head[at]
    if (letter === '(' || letter === '[') depth++
    else if (letter === ')' || letter === ']') depth--
    else if (letter === ',' && depth === 0) {
      parts.push(head.slice(from, at).trim())
      from = at + 1
    }
  }
  return [...parts, head.slice(from).trim()]
}
