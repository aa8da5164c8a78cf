import { writeFile } from 'node:fs/promises'
import { codeIs } from './code-is.ts'
import { Refusal } from './refusal.ts'
import type { Mount, Runtime } from './runtime.ts'
import { pauseProgram } from './runtimes/docker/pause-image.ts'

const placeInside = '/.argosy-wait'

interface WaitProgram {
  readonly argv: readonly string[]
  readonly mounts: readonly Mount[]
}

/** A program that waits for its end, whatever the image has. `dir`: where files for containers lie on this machine. */
export async function waitProgram(dir: string, runtime: Runtime['name']): Promise<WaitProgram> {
  const program = pauseProgram(process.arch === 'x64' ? 'amd64' : process.arch)
  if (!program) {
    const why = `stdin, tty and shareProcessNamespace are not supported on machines of type ${process.arch}`
    throw new Refusal('CreateContainerConfigError', why, false)
  }
  const source = `${dir}/wait`
  await writeFile(source, program, { flag: 'wx', mode: 0o755 }).catch((error: unknown) => {
    if (!codeIs(error, 'EEXIST')) throw error
  })
  if (runtime === 'process') return { argv: [source], mounts: [] }
  return { argv: [placeInside], mounts: [{ source, target: placeInside, readOnly: true }] }
}
