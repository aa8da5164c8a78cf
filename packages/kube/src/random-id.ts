import { closeSync, openSync, readSync } from 'node:fs'

const pool = Buffer.alloc(512)
let used = pool.length

/** A name that nobody else has, as `3f2c…` of so many bytes. Not for secrets: a secret comes from `node:crypto`. */
export function randomHex(bytes: number): string {
  return taken(bytes).toString('hex')
}

/** A UUID of version 4. */
export function randomUuid(): string {
  const bytes = Buffer.from(taken(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function taken(size: number): Buffer {
  if (used + size > pool.length) {
    fill()
    used = 0
  }
  used += size
  return pool.subarray(used - size, used)
}

/** From the kernel: `node:crypto`, which would ask there too, is 6 of the first 100 milliseconds. */
function fill(): void {
  try {
    const file = openSync('/dev/urandom', 'r')
    try {
      if (readSync(file, pool) === pool.length) return
    } finally {
      closeSync(file)
    }
  } catch {
    // A system without it.
  }
  crypto.getRandomValues(pool)
}
