import { PassThrough } from 'node:stream'
import { perform } from '../../packages/app/src/shell/perform.ts'
import { type Started, Workplace } from '../e2e/argosy.ts'

/** How a command ended. */
export interface Said {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A server of one test file's own; commands are performed in this process. */
export class Cli implements AsyncDisposable {
  readonly place: Workplace
  readonly kubeconfig: string
  /** The flags by which its Argo Server is asked. */
  readonly argo: readonly string[]
  readonly #server: Started
  readonly #target: readonly string[]

  private constructor(
    place: Workplace,
    server: Started,
    { argo, way }: { readonly argo: readonly string[]; readonly way: 'kubernetes' | 'argo' },
  ) {
    this.place = place
    this.kubeconfig = place.path('data/kubeconfig')
    this.#server = server
    this.argo = argo
    this.#target = way === 'argo' ? argo : ['--kubeconfig', this.kubeconfig]
  }

  /** Commands ask its Kubernetes API, or the Argo Server. */
  static async open(
    way: 'kubernetes' | 'argo' = 'kubernetes',
    more: readonly string[] = [],
  ): Promise<Cli> {
    const place = await Workplace.open()
    const data = ['--data-dir', place.path('data')]
    const server = place.start([
      'server',
      ...data,
      '--port',
      '0',
      '--http-port',
      '0',
      '--runtime',
      'process',
      ...more,
    ])
    let said = ''
    server.child.stdout?.on('data', (chunk) => {
      said += chunk
    })
    await server.says("Argo's API is at")
    const address = /Argo's API is at http:\/\/([^/\s]+)/.exec(said)?.[1]
    const argo = ['--argo-server', address ?? '', '--no-secure']
    return new Cli(place, server, { argo, way })
  }

  /** A command line as a person writes it; words with blanks are given as a list. */
  async run(line: string | readonly string[], input = ''): Promise<Said> {
    const args = typeof line === 'string' ? line.split(' ') : line
    return performed([...args, ...this.#target], input)
  }

  /** Standard output of a command that must succeed. */
  async says(line: string | readonly string[], input = ''): Promise<string> {
    const said = await this.run(line, input)
    if (said.code === 0) return said.stdout
    throw new Error(`${line} ended with ${said.code}:\n${said.stdout}${said.stderr}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.child.kill('SIGTERM')
    await this.#server.ended
    await this.place[Symbol.asyncDispose]()
  }
}

/** One command line in this process. */
export async function performed(args: readonly string[], input = ''): Promise<Said> {
  const stdin = new PassThrough()
  stdin.end(input)
  let stdout = ''
  let stderr = ''
  const code = await perform(args, {
    stdin,
    stdout: {
      write: (text) => {
        stdout += text
      },
    },
    stderr: {
      write: (text) => {
        stderr += text
      },
    },
    version: '1.2.3',
    now: Date.now,
    exit: () => undefined,
  })
  return { code, stdout, stderr }
}
