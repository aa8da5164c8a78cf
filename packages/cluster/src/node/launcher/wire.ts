import type { ContainerSpec, Mount } from '../runtime.ts'

/** Collects requests in launcher.c's form; `take` gives the bytes of one event loop turn. */
export class RequestBuffer {
  #bytes = Buffer.allocUnsafe(64 * 1024)
  #length = 0

  add(fields: readonly string[]): void {
    const text = fields.join('\0') + '\0'
    const most = 4 + text.length * 3
    if (this.#bytes.length - this.#length < most) this.#grow(most)
    const size = this.#bytes.write(text, this.#length + 4)
    this.#bytes.writeUInt32LE(size, this.#length)
    this.#length += 4 + size
  }

  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length)
    this.#bytes = this.#bytes.subarray(this.#length)
    this.#length = 0
    return taken
  }

  #grow(most: number): void {
    const larger = Buffer.allocUnsafe(Math.max(64 * 1024, 2 * (this.#length + most)))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }
}

/** The fields of a start; undefined when a string holds a NUL, which no program can be given. */
export function startFields(
  id: string,
  mode: string,
  spec: ContainerSpec,
  view: string,
): string[] | undefined {
  const { limits, user, root, scratch = '' } = spec
  const fields = ['S', id, mode, spec.dir, scratch, spec.workingDir]
  fields.push(spec.stdout, spec.stderr)
  fields.push(spec.hostname ?? '', String(user?.uid ?? -1), String(user?.gid ?? -1))
  fields.push(String(limits?.memoryBytes ?? 0), String(limits?.cpuMillis ?? 0))
  fields.push(String(limits?.pids ?? 0), root.kind === 'dir' ? root.path : '', view)
  fields.push(String(spec.argv.length), ...spec.argv)
  const count = fields.length
  fields.push('')
  for (const name in spec.env) fields.push(`${name}=${spec.env[name]}`)
  const linked = fields.length
  fields[count] = String(linked - count - 1 + (spec.links?.count ?? 0))
  fields.push(String(spec.mounts.length))
  for (const mount of spec.mounts) {
    fields.push(mount.source, mount.target, how(mount))
  }
  return fields.some(hasNul) ? undefined : insertLinks(fields, linked, spec)
}

/** One text for many fields: as they follow one another. */
function insertLinks(fields: string[], at: number, { links }: ContainerSpec): string[] {
  if (links && links.count > 0) fields.splice(at, 0, links.text)
  return fields
}

function how({ layered, readOnly, trusted }: Mount): string {
  const sort = layered ? '2' : readOnly ? '1' : '0'
  return trusted === undefined ? sort : `${sort}:${Buffer.byteLength(trusted)}`
}

function hasNul(text: string): boolean {
  return text.includes('\0')
}

/** One answer line: a letter, the request's id, numbers, and for F the rest as words. */
export interface Answer {
  readonly op: string
  readonly id: string
  readonly numbers: readonly number[]
  readonly text: string
}

/** Cuts the stream of answers at NULs; a piece that is not whole yet waits for the next chunk. */
export class AnswerReader {
  #rest = ''

  read(chunk: string): Answer[] {
    const lines = (this.#rest + chunk).split('\0')
    this.#rest = lines.pop() ?? ''
    return lines.map(parseAnswer)
  }
}

function parseAnswer(line: string): Answer {
  const op = line.slice(0, 1)
  const space = line.indexOf(' ', 2)
  const id = space < 0 ? line.slice(2) : line.slice(2, space)
  const text = space < 0 ? '' : line.slice(space + 1)
  if (op !== 'F') return { op, id, numbers: text.split(' ').map(Number), text }
  const [finishedAt, shortage] = text.split(' ', 2)
  const words = text.slice(`${finishedAt} ${shortage} `.length)
  return { op, id, numbers: [Number(finishedAt), Number(shortage)], text: words }
}
