interface Shape {
  type?: string | string[]
  $ref?: string
  description?: string
  enum?: unknown[]
  const?: unknown
  format?: string
  properties?: Record<string, Shape>
  required?: string[]
  items?: Shape
  anyOf?: Shape[]
  oneOf?: Shape[]
  default?: unknown
  pattern?: string
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
}
interface Said {
  operationId?: string
  summary?: string
  description?: string
  tags?: string[]
  parameters?: { name: string; in: string; required?: boolean; schema?: Shape; description?: string }[]
  requestBody?: { content?: Record<string, { schema?: Shape }> }
  responses?: Record<string, { content?: Record<string, { schema?: Shape }> }>
}
interface Document {
  info: { title: string; description?: string }
  paths: Record<string, Record<string, Said>>
}

const escape = (text: unknown): string => String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** The API reference as one HTML page without any script: every operation, its permission, its input and its answer. */
export function apiPage(document: object): string {
  const { info, paths } = document as Document
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, said]) => ({
      path,
      method: method.toUpperCase(),
      said,
      tag: said.tags?.[0] ?? '其他',
    })),
  )
  const tags = [...new Set(all.map((one) => one.tag))]
  const nav = tags.map((tag) => `<a href="#${escape(tag)}">${escape(tag)}</a>`).join('')
  const body = tags
    .map(
      (tag) =>
        `<h2 id="${escape(tag)}">${escape(tag)}</h2>${all
          .filter((one) => one.tag === tag)
          .map(operationHtml)
          .join('')}`,
    )
    .join('')
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(info.title)}</title><style>${style}</style></head><body><header><h1>${escape(info.title)}</h1>
<p>${escape(info.description ?? '')}　<a href="/api/openapi.json">openapi.json</a></p><nav>${nav}</nav></header><main>${body}</main></body></html>`
}

function operationHtml({ path, method, said }: { path: string; method: string; said: Said }): string {
  const parameters = (said.parameters ?? []).map((one) =>
    row(
      one.name,
      { ...one.schema, ...(one.description ? { description: one.description } : {}) },
      one.required === true,
      one.in,
    ),
  )
  const input = firstShape(said.requestBody?.content)
  const output = firstShape(said.responses?.['200']?.content)
  return `<details id="${escape(said.operationId ?? path)}"><summary><b class="${method}">${method}</b> <code>/api${escape(path)}</code>
<span>${escape(said.summary ?? '')}</span></summary><p>${escape(said.description ?? '')}</p>
${parameters.length > 0 ? `<h4>参数</h4><table>${parameters.join('')}</table>` : ''}
${input ? `<h4>请求体</h4>${shapeHtml(input)}` : ''}${output ? `<h4>回答</h4>${shapeHtml(output)}` : ''}</details>`
}

function firstShape(content: Record<string, { schema?: Shape }> | undefined): Shape | undefined {
  return Object.values(content ?? {})[0]?.schema
}

function shapeHtml(shape: Shape): string {
  if (shape.properties) {
    const rows = Object.entries(shape.properties).map(([name, part]) =>
      row(name, part, shape.required?.includes(name) ?? false),
    )
    return `<table>${rows.join('')}</table>`
  }
  const inner = shape.items ?? (shape.anyOf ?? shape.oneOf)?.find((part) => part.properties ?? part.items)
  return inner && (inner.properties ?? inner.items ?? inner.anyOf ?? inner.oneOf) ? shapeHtml(inner) : ''
}

function row(name: string, shape: Shape, required: boolean, place = ''): string {
  const facts = [typeOf(shape), place, required ? '必填' : '', limits(shape)].filter((fact) => fact !== '').join(' · ')
  const text = shape.description ?? shape.items?.description ?? ''
  return `<tr><td><code>${escape(name)}</code></td><td>${escape(facts)}</td><td>${escape(text)}${shapeHtml(shape)}</td></tr>`
}

function typeOf(shape: Shape): string {
  if (shape.enum) return shape.enum.map(String).join(' | ')
  if (shape.const !== undefined) return JSON.stringify(shape.const)
  const parts = shape.anyOf ?? shape.oneOf
  if (parts) return [...new Set(parts.map(typeOf))].join(' | ')
  const type = Array.isArray(shape.type) ? shape.type.join(' | ') : (shape.type ?? '任意')
  return shape.items ? `${typeOf(shape.items)}[]` : shape.format ? `${type}(${shape.format})` : type
}

function limits(shape: Shape): string {
  const from = shape.minimum ?? shape.minLength
  const to = shape.maximum ?? shape.maxLength
  const range = from === undefined && to === undefined ? '' : `${from ?? ''}…${to === undefined || to > 1e12 ? '' : to}`
  return shape.default === undefined ? range : `${range} 默认 ${JSON.stringify(shape.default)}`.trim()
}

const style = `
body{font:14px/1.6 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:#1f2a33;margin:0;background:#f6f7f8}
header,main{max-width:1080px;margin:auto;padding:16px 24px}header{position:sticky;top:0;background:#f6f7f8;border-bottom:1px solid #d5dade}
h1{font-size:20px;margin:0}nav a{margin-right:16px}details{background:#fff;border:1px solid #d5dade;border-radius:6px;margin:6px 0;padding:6px 12px}
summary{cursor:pointer}summary b{display:inline-block;width:58px}summary span{color:#55616b;margin-left:12px}
.GET{color:#1c6a4a}.POST,.PUT,.PATCH{color:#8a4b08}.DELETE{color:#a61d24}h2{scroll-margin-top:110px}h4{margin:8px 0 2px}
table{border-collapse:collapse;width:100%}td{border-top:1px solid #e6e9ec;padding:3px 8px;vertical-align:top}td:first-child{width:1%;white-space:nowrap}td:nth-child(2){width:34%;color:#55616b}a{color:#a61d24}`
