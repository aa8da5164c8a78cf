export interface TarEntry {
  readonly name: string
  readonly kind: 'file' | 'directory' | 'other'
  /** In bytes; more than `content` has where the archive was cut off. */
  readonly size: number
  readonly content: Uint8Array
}

const block = 512

/** What is in a tar archive, as far as it goes; POSIX' and GNU's long names are understood. Undefined: this is none. */
export function untar(bytes: Uint8Array): readonly TarEntry[] | undefined {
  if (text(bytes, 257, 5) !== 'ustar') return undefined
  const entries: TarEntry[] = []
  let longName: string | undefined
  for (let at = 0; at + block <= bytes.length && bytes[at] !== 0; ) {
    const size = Number.parseInt(text(bytes, at + 124, 12), 8) || 0
    const flag = text(bytes, at + 156, 1)
    const content = bytes.subarray(at + block, at + block + size)
    if (flag === 'L') longName = text(content, 0, content.length)
    else if (flag === 'x') longName = paxPath(content) ?? longName
    else if (flag !== 'g') {
      entries.push({ name: longName ?? nameAt(bytes, at), kind: kindOf(flag), size, content })
      longName = undefined
    }
    at += block + Math.ceil(size / block) * block
  }
  return entries
}

function nameAt(bytes: Uint8Array, at: number): string {
  const [name, prefix] = [text(bytes, at, 100), text(bytes, at + 345, 155)]
  // GNU has other things there.
  const isPosix = bytes[at + 262] === 0
  return isPosix && prefix !== '' ? `${prefix}/${name}` : name
}

function kindOf(flag: string): TarEntry['kind'] {
  if (flag === '5') return 'directory'
  return flag === '0' || flag === '' || flag === '7' ? 'file' : 'other'
}

/** Lines of `<length> <key>=<value>`. */
function paxPath(content: Uint8Array): string | undefined {
  return /^\d+ path=(.*)$/m.exec(new TextDecoder().decode(content))?.[1]
}

/** Up to the first NUL. */
function text(bytes: Uint8Array, at: number, length: number): string {
  const field = bytes.subarray(at, at + length)
  const end = field.indexOf(0)
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end))
}
