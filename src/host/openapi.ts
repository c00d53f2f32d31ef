import { OpenAPIGenerator } from '@orpc/openapi'
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4'
import type { OperationMeta } from '../base/operation.ts'
import { problemStatus } from '../base/problem.ts'
import type { Contract } from './handlers.ts'

const refusal = {
  type: 'object',
  required: ['code', 'message', 'fields', 'requestId'],
  properties: {
    code: { type: 'string', enum: [...Object.keys(problemStatus), 'internal'] },
    message: { type: 'string', description: '给人看的中文句子，说明怎么办' },
    fields: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string' }, message: { type: 'string' } },
      },
    },
    requestId: { type: 'string', description: '请求编号，日志里以它查找' },
  },
}

const refused = {
  description: '拒绝',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Refusal' } } },
}

/** The two routes whose bodies are streams and not JSON (host/uploads.ts). */
const filePaths = {
  '/files': {
    post: {
      operationId: 'files.upload',
      summary: '上传文件',
      description: '所需权限：signedIn。请求体就是文件内容，至多 100 MB；文件名放在查询参数 name。',
      tags: ['文件'],
      parameters: [{ name: 'name', in: 'query', required: true, schema: { type: 'string' } }],
      requestBody: {
        required: true,
        content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
      },
      responses: {
        200: {
          description: 'OK',
          content: {
            'application/json': {
              schema: {
                type: 'object',
                required: ['fileId', 'fileName', 'bytes'],
                properties: {
                  fileId: { type: 'string', format: 'uuid' },
                  fileName: { type: 'string' },
                  bytes: { type: 'integer' },
                },
              },
            },
          },
        },
        default: refused,
      },
    },
  },
  '/files/{ticket}': {
    get: {
      operationId: 'files.download',
      summary: '下载文件',
      description: '所需权限：signedIn。地址由别的操作给出，5 分钟内有效，只能用一次。',
      tags: ['文件'],
      parameters: [{ name: 'ticket', in: 'path', required: true, schema: { type: 'string' } }],
      responses: {
        200: {
          description: 'OK',
          content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
        },
        default: refused,
      },
    },
  },
}

/** The OpenAPI 3.1 document of the rooms' contracts, the same text for the same contracts. */
export async function openapiOf(contracts: Record<string, Contract>): Promise<object> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] })
  const document = await generator.generate(contracts, {
    info: {
      title: '两新党建工作平台接口',
      version: '1',
      description: '登录后凭会话 Cookie 调用。改动数据的请求须带 Origin；带 Idempotency-Key 则同一操作重发只生效一次。',
    },
    servers: [{ url: '/api' }],
    components: { schemas: { Refusal: refusal } },
  } as Parameters<OpenAPIGenerator['generate']>[1])
  for (const [room, contract] of Object.entries(contracts)) {
    for (const [name, procedure] of Object.entries(contract)) {
      const { route, meta } = procedure['~orpc']
      const path = document.paths?.[route.path ?? '']
      const said = path?.[(route.method ?? 'POST').toLowerCase() as 'get']
      if (!said) throw new Error(`${room}.${name} is missing in the OpenAPI document`)
      said.description = `所需权限：${(meta as OperationMeta).permission}`
      said.responses = { ...said.responses, default: refused }
    }
  }
  return JSON.parse(JSON.stringify({ ...document, paths: { ...document.paths, ...filePaths } })) as object
}

/** The document as it is kept in docs/openapi.json. */
export function openapiText(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`
}
