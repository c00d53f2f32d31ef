import type { Readable } from 'node:stream'

/** Uploads, attachments, exports: bytes under random names below the data directory, never below a web root. */
export interface Files {
  /** Stores a stream whole or not at all. Resolves to its id, size and SM3. Refuses more than `bytesMax`. */
  put(source: Readable | Uint8Array, bytesMax: number): Promise<{ id: string; bytes: number; sm3: string }>
  read(id: string): Readable
  /** Absolute path, for workers that read the file themselves. */
  path(id: string): string
  remove(id: string): Promise<void>
}
