/** A start as launcher.c's protocol carries it; -1 and 0 mean "not given". */
export interface Order {
  readonly dir: string
  /** Empty: inside `dir`. */
  readonly scratch: string
  readonly workingDir: string
  readonly stdout: string
  readonly stderr: string
  readonly hostname: string
  readonly uid: number
  readonly gid: number
  /** As `View` in JSON. */
  readonly view: string
  readonly argv: readonly string[]
  /** `NAME=value`. */
  readonly env: readonly string[]
}

/** Cuts the stream of requests into lists of fields. */
export class RequestReader {
  #rest = Buffer.alloc(0)

  read(chunk: Buffer): string[][] {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk
    const requests: string[][] = []
    let at = 0
    while (bytes.length - at >= 4) {
      const size = bytes.readUInt32LE(at)
      if (bytes.length - at - 4 < size) break
      requests.push(bytes.toString('utf8', at + 4, at + 3 + size).split('\0'))
      at += 4 + size
    }
    this.#rest = Buffer.from(bytes.subarray(at))
    return requests
  }
}

/** The fields of an `S` request from its third on. Mounts and root are in the view. */
export function parseOrder(fields: readonly string[]): Order {
  const [dir = '', scratch = '', workingDir = '', stdout = '', stderr = ''] = fields
  const [hostname = '', uid, gid] = fields.slice(5)
  const view = fields[12] ?? ''
  const argc = Number(fields[13])
  const envAt = 14 + argc
  return {
    ...{
      dir,
      scratch,
      workingDir,
      stdout,
      stderr,
      hostname,
      uid: Number(uid),
      gid: Number(gid),
      view,
    },
    argv: fields.slice(14, envAt),
    env: fields.slice(envAt + 1, envAt + 1 + Number(fields[envAt])),
  }
}
