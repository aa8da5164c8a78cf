import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type Started, Workplace } from '../e2e/argosy.ts'

/** How a command ended. */
export interface Said {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A server of one test file's own, and the real kubectl beside it. */
export class Cluster implements AsyncDisposable {
  readonly place: Workplace
  /** Where kubectl finds the server. */
  readonly env: NodeJS.ProcessEnv
  #server: Started

  private constructor(place: Workplace, server: Started) {
    this.place = place
    this.#server = server
    const { PATH } = process.env
    this.env = {
      PATH,
      HOME: place.dir,
      KUBECONFIG: join(place.dir, 'data/kubeconfig'),
      KUBE_EDITOR: join(place.dir, 'editor.sh'),
    }
  }

  static async open(flags: readonly string[] = []): Promise<Cluster> {
    const place = await Workplace.open()
    return new Cluster(place, await started(place, flags))
  }

  /** Runs kubectl; whatever it says is the answer. */
  kubectl(command: string | readonly string[], input = '', env: NodeJS.ProcessEnv = {}) {
    const args = typeof command === 'string' ? command.split(' ') : command
    return new Promise<Said>((resolve) => {
      const child = execFile(
        'kubectl',
        args,
        { env: { ...this.env, ...env }, cwd: this.place.dir, timeout: 60_000 },
        (error, stdout, stderr) => {
          const code = error === null ? 0 : Number(error.code ?? 1)
          resolve({ code, stdout, stderr })
        },
      )
      child.stdin?.end(input)
    })
  }

  /** Standard output of a command that must succeed. */
  async says(
    command: string | readonly string[],
    input = '',
    env: NodeJS.ProcessEnv = {},
  ): Promise<string> {
    const { code, stdout, stderr } = await this.kubectl(command, input, env)
    if (code !== 0) throw new Error(`kubectl ${command} ended with ${code}:\n${stdout}${stderr}`)
    return stdout.trimEnd()
  }

  /** Standard error of a command that must fail. */
  async refuses(command: string | readonly string[], input = ''): Promise<string> {
    const { code, stdout, stderr } = await this.kubectl(command, input)
    if (code === 0) throw new Error(`kubectl ${command} succeeded:\n${stdout}`)
    return stderr.trimEnd()
  }

  /** What a command that goes on has said when `until` is in it; it goes on while `meanwhile` does. */
  async hears(
    command: string,
    until: RegExp,
    meanwhile: (said: string) => Promise<void> = async () => {},
  ): Promise<string> {
    const child = spawn('kubectl', command.split(' '), { env: this.env, cwd: this.place.dir })
    let said = ''
    const timer = setTimeout(() => child.kill(), 60_000)
    const heard = new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk) => {
        said += chunk
        if (until.test(said)) resolve()
      })
      child.once('close', () => resolve())
    })
    await heard
    clearTimeout(timer)
    if (until.test(said)) await meanwhile(said).finally(() => child.kill())
    else if (child.exitCode === null) child.kill()
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close')
    if (!until.test(said)) throw new Error(`kubectl ${command} never said ${until}:\n${said}`)
    return said
  }

  /** A kustomization, an editor or a manifest in the folder where commands run. */
  file(name: string, text: string): Promise<string> {
    return this.place.file(name, text)
  }

  async restart(): Promise<void> {
    this.#server.child.kill('SIGTERM')
    await this.#server.ended
    this.#server = await started(this.place)
  }

  async stop() {
    this.#server.child.kill('SIGTERM')
    return this.#server.ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.child.kill('SIGTERM')
    await this.#server.ended
    await this.place[Symbol.asyncDispose]()
  }
}

async function started(place: Workplace, flags: readonly string[] = []): Promise<Started> {
  const server = place.start([
    'server',
    '--data-dir',
    place.path('data'),
    '--port',
    '0',
    '--http-port',
    '0',
    ...flags,
  ])
  await server.says('export KUBECONFIG=')
  return server
}

export const manifest = (object: object): string => JSON.stringify(object)

export const configMap = (name: string, data: object = {}): string =>
  manifest({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data })
