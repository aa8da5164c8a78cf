import { type Engine, EngineError } from './engine.ts'

const repository = 'argosy/pause'
const tag = '1'

/** Its name; it is made when the engine does not have it: no registry is needed for it. */
export async function ensurePauseImage(engine: Engine): Promise<string> {
  const name = `${repository}:${tag}`
  try {
    await engine.json({ path: `/images/${name}/json` })
    return name
  } catch (error) {
    if (!(error instanceof EngineError) || error.status !== 404) throw error
  }
  const program = pauseProgram(engine.arch)
  if (!program) {
    throw new EngineError(500, `no program that waits is known for machines of type ${engine.arch}`)
  }
  await engine.json<unknown>({
    method: 'POST',
    path: '/images/create',
    query: { fromSrc: '-', repo: repository, tag, changes: 'ENTRYPOINT ["/pause"]' },
    headers: { 'Content-Type': 'application/x-tar' },
    upload: tarOf('pause', program),
  })
  return name
}

interface Machine {
  /** ELF's number for it. */
  readonly type: number
  readonly code: readonly number[]
}

/** Waits for ever, and lets go of nothing but its life. */
const machines: Readonly<Record<string, Machine>> = {
  // mov eax, 34 (pause); syscall; jump back
  amd64: { type: 0x3e, code: [0xb8, 0x22, 0, 0, 0, 0x0f, 0x05, 0xeb, 0xf7] },
  // x0 to x4 = 0; mov x8, 73 (ppoll); svc 0; branch back
  arm64: {
    type: 0xb7,
    code: [
      ...[0x00, 0x00, 0x80, 0xd2, 0x01, 0x00, 0x80, 0xd2, 0x02, 0x00, 0x80, 0xd2],
      ...[0x03, 0x00, 0x80, 0xd2, 0x04, 0x00, 0x80, 0xd2, 0x28, 0x09, 0x80, 0xd2],
      ...[0x01, 0x00, 0x00, 0xd4, 0xf9, 0xff, 0xff, 0x17],
    ],
  },
}

const base = 0x400000
const headers = 64 + 56

/** A static ELF program of one segment. */
export function pauseProgram(arch: string): Buffer | undefined {
  const machine = machines[arch]
  if (!machine) return undefined
  const size = headers + machine.code.length
  const file = Buffer.alloc(size)
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  file.writeUInt16LE(2, 16)
  file.writeUInt16LE(machine.type, 18)
  file.writeUInt32LE(1, 20)
  file.writeBigUInt64LE(BigInt(base + headers), 24)
  file.writeBigUInt64LE(64n, 32)
  file.writeUInt16LE(64, 52)
  file.writeUInt16LE(56, 54)
  file.writeUInt16LE(1, 56)
  // The segment: all of the file, to be read and executed.
  file.writeUInt32LE(1, 64)
  file.writeUInt32LE(5, 68)
  file.writeBigUInt64LE(BigInt(base), 80)
  file.writeBigUInt64LE(BigInt(base), 88)
  file.writeBigUInt64LE(BigInt(size), 96)
  file.writeBigUInt64LE(BigInt(size), 104)
  file.writeBigUInt64LE(0x1000n, 112)
  file.set(machine.code, headers)
  return file
}

const block = 512

/** A tar of one executable file. */
export function tarOf(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(block)
  const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, '0')}\0`
  header.write(name, 0)
  header.write(octal(0o755, 8), 100)
  header.write(octal(0, 8), 108)
  header.write(octal(0, 8), 116)
  header.write(octal(content.length, 12), 124)
  header.write(octal(0, 12), 136)
  header.write('        ', 148)
  header.write('0', 156)
  header.write('ustar\x0000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  const padding = Buffer.alloc((block - (content.length % block)) % block)
  return Buffer.concat([header, content, padding, Buffer.alloc(2 * block)])
}
