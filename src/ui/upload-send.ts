import { newId } from '../base/ids.ts'
import { AnsweredProblem, problemFromBody } from './problem.ts'

/** What the server kept of an upload. */
export interface StoredFile {
  fileId: string
  fileName: string
  bytes: number
}

/** A size in the words of a file manager: `3.2 MB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1024) return `${bytes} 字节`
  const units = ['KB', 'MB', 'GB']
  let value = bytes / 1024
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${value >= 10 || Number.isInteger(value) ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

/** Why a file is refused before it is sent, in a sentence that says what to do; undefined when it may go. */
export function refusal(
  file: { name: string; size: number },
  accept: readonly string[] | undefined,
  bytesMax: number,
): string | undefined {
  const name = file.name.toLowerCase()
  if (accept && !accept.some((extension) => name.endsWith(extension))) {
    if (name.endsWith('.xls') && accept.includes('.xlsx'))
      return `“${file.name}”是旧版 Excel 文件，请另存为 .xlsx 后再上传。`
    return `“${file.name}”不是可用的格式，请上传 ${accept.join('、')} 文件。`
  }
  if (file.size === 0) return `“${file.name}”是空文件，请检查后重新选择。`
  if (file.size > bytesMax)
    return `“${file.name}”有 ${bytesText(file.size)}，超过 ${bytesText(bytesMax)}，请拆成几个文件。`
  return undefined
}

/** Sends one file to `POST /api/files`, its bytes as the body, telling the bytes sent; throws an AnsweredProblem. */
export function sendFile(file: File, onSent: (bytes: number) => void, signal: AbortSignal): Promise<StoredFile> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/api/files?name=${encodeURIComponent(file.name)}`)
    request.setRequestHeader('Content-Type', 'application/octet-stream')
    request.setRequestHeader('Idempotency-Key', newId())
    request.responseType = 'json'
    request.upload.addEventListener('progress', (event) => onSent(Math.min(event.loaded, file.size)))
    request.addEventListener('load', () => {
      if (request.status < 300) resolve(request.response as StoredFile)
      else reject(problemFromBody(request.response, request.status))
    })
    request.addEventListener('error', () => reject(new AnsweredProblem('offline', '连不上服务，请检查网络后重试。')))
    request.addEventListener('abort', () => reject(new AnsweredProblem('offline', '上传已取消。')))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(file)
  })
}
