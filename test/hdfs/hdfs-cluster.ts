import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const sources = fileURLToPath(new URL('../tools/hdfs', import.meta.url))
const built = fileURLToPath(new URL('../tools/bin/hdfs', import.meta.url))

/** A real Hadoop of this machine's Java, fetched by its maven: two name nodes and some data nodes. */
export class HdfsCluster implements AsyncDisposable {
  /** The first one is not active to begin with. */
  readonly addresses: readonly string[]
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>
  readonly #folder: string

  private constructor(started: Started) {
    this.addresses = started.ports.map((port) => `127.0.0.1:${port}`)
    this.#child = started.child
    this.#lines = started.lines
    this.#folder = started.folder
  }

  static async start(dataNodes: number, settings: Readonly<Record<string, string>>) {
    const classes = await program()
    const folder = await mkdtemp(join(tmpdir(), 'argosy-hdfs-'))
    const told = Object.entries(settings).map(([name, value]) => `${name}=${value}`)
    const args = ['-Xmx1g', '-cp', classes, 'HdfsCluster', folder, String(dataNodes), ...told]
    const child = spawn('java', args, { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] })
    const errors: string[] = []
    child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text))
    const lines = answers(createInterface(child.stdout))
    const { done, value = '' } = await lines.next()
    if (done) throw new Error(`Hadoop does not start: ${errors.join('').slice(-3000)}`)
    return new HdfsCluster({ child, lines, folder, ports: value.split(' ').slice(1) })
  }

  /** One command of HdfsCluster.java; throws what Hadoop throws. */
  async ask(...words: readonly string[]): Promise<string> {
    this.#child.stdin?.write(`${words.join(' ')}\n`)
    const { done, value = '' } = await this.#lines.next()
    if (done || !value.startsWith('ok ')) throw new Error(`${words.join(' ')}: ${value}`)
    return value.slice(3)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null) {
      const ended = once(this.#child, 'exit')
      this.#child.kill('SIGKILL')
      await ended
    }
    await rm(this.#folder, { recursive: true, force: true })
  }
}

interface Started {
  readonly child: ChildProcess
  readonly lines: AsyncIterator<string>
  readonly folder: string
  readonly ports: readonly string[]
}

/** Hadoop writes lines of its own between. */
async function* answers(lines: Interface): AsyncGenerator<string, undefined> {
  for await (const line of lines) if (line.startsWith('> ')) yield line.slice(2)
}

/** The class path of the program, which is compiled once. */
async function program(): Promise<string> {
  const classes = [join(built, 'lib/*'), built].join(delimiter)
  await mkdir(built, { recursive: true })
  await copyFile(join(sources, 'pom.xml'), join(built, 'pom.xml'))
  if (!(await stat(join(built, 'lib')).catch(() => undefined))) {
    const copy = ['dependency:copy-dependencies', '-DoutputDirectory=lib']
    await run('mvn', ['-q', '-B', ...copy], { cwd: built })
  }
  await run('javac', ['-cp', classes, '-d', built, join(sources, 'HdfsCluster.java')])
  return classes
}
