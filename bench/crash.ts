import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { get } from 'node:https'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { KubeObject, Workflow } from '@argosy/engine'
import { type Client, resources } from '@argosy/kube'
import { freePort } from '@argosy/kube/free-port'
import { Connection, httpClient, readContext } from '@argosy/kube/remote'
import type { Bench, Plan } from './harness/bench.ts'
import { buildProduct } from './harness/bundle.ts'
import { interleave, middle, ratio, type Sample, spreads } from './harness/samples.ts'

const run = promisify(execFile)
const door = fileURLToPath(new URL('../packages/app/bin/argosy.js', import.meta.url))

/** Half of the nodes are done without a process, the rest are steps: so many of them at once. */
interface Size {
  readonly nodes: number
  readonly live: number
}

/** kill -9 in the middle of a large workflow, and how soon it goes on. */
export const crash: Bench = {
  name: 'crash',
  about: 'kill -9 with 10,000 nodes at 50 % and 200 live steps, then a restart',
  async run(plan) {
    const size = plan.quick ? { nodes: 1_000, live: 40 } : { nodes: 10_000, live: 200 }
    buildProduct()
    const kept = join(plan.dir, 'killed')
    const runs = await interleave(plan, {
      ours: () => killedOnce(plan, size, kept),
      limit: () => readRows(kept),
    })
    const at = (key: string) => middle(runs.ours, key)
    const against = ratio([runs.ours, 'readyMs'], [runs.limit, 'ms'])
    return {
      figures: { ...size, ...spreads(runs) },
      verdicts: [
        { what: 'API ready', value: at('readyMs'), unit: 'ms', must: { most: 1_000 } },
        {
          ...{ what: 'API ready', value: against, unit: '× node reads the same rows' },
          goal: { most: 4 },
        },
        {
          what: 'API ready, processor time',
          value: ratio([runs.ours, 'readyCpuMs'], [runs.limit, 'cpuMs']),
          unit: '× node reads the same rows',
        },
        { what: 'first new step', value: at('firstStepMs'), unit: 'ms' },
        { what: 'steps lost', value: at('lost'), unit: '', must: { most: 0 } },
        { what: 'steps started twice', value: at('twice'), unit: '', must: { most: 0 } },
      ],
      missing: ['etcd', 'restate'].map((peer) => `${peer}: not asked here`),
    }
  },
}

/** One server's life and afterlife. */
async function killedOnce({ dir }: Plan, size: Size, kept: string): Promise<Sample> {
  const place = await mkdtemp(join(dir, 'run-'))
  const ledger = join(place, 'ledger')
  mkdirSync(ledger)
  const server = new Server(place, size, await freePort())
  try {
    await server.start()
    using connection = new Connection(
      (await readContext({ kubeconfig: join(server.data, 'kubeconfig') })).access,
    )
    const client = httpClient(connection)
    const { name = '' } = await client.create(resources.workflows, workflow(size, ledger))
    await until(
      () => linesOf(ledger).filter((line) => line.startsWith('begin')).length >= size.live,
    )
    await server.kill()
    rmCopy(server.data, kept)
    const before = linesOf(ledger).filter((line) => line.startsWith('begin')).length
    const begin = performance.now()
    const ready = server.start().then(() => ({
      readyMs: performance.now() - begin,
      readyCpuMs: server.cpuMs(),
    }))
    const isNew = () => linesOf(ledger).filter((line) => line.startsWith('begin')).length > before
    const firstStepMs = until(isNew).then(() => performance.now() - begin)
    const times = { ...(await ready), firstStepMs: await firstStepMs }
    await finished(client, name)
    return { ...times, ...counts(ledger, size) }
  } finally {
    await server.stop()
    await rm(place, { recursive: true, force: true })
  }
}

function workflow({ nodes, live }: Size, ledger: string): KubeObject {
  const half = String(nodes / 2)
  const note = (word: string) => `echo "${word} {{inputs.parameters.n}}" >> ${ledger}/steps`
  const script = `${note('begin')}; sleep $(( 1 + {{inputs.parameters.n}} % 3 )); ${note('end')}`
  const many = (template: string, more: object = {}) => ({
    ...{ name: template, template, withSequence: { count: half } },
    ...more,
  })
  const arguments_ = { parameters: [{ name: 'n', value: '{{item}}' }] }
  return {
    ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow' },
    metadata: { generateName: 'crash-', namespace: 'default' },
    ...{
      spec: {
        ...{ entrypoint: 'main', parallelism: live },
        volumes: [{ name: 'ledger', hostPath: { path: ledger } }],
        templates: [
          { name: 'main', steps: [[many('pause')], [many('step', { arguments: arguments_ })]] },
          { name: 'pause', suspend: { duration: '0' } },
          {
            name: 'step',
            inputs: { parameters: [{ name: 'n' }] },
            container: {
              ...{ image: 'alpine', command: ['sh', '-c', script] },
              volumeMounts: [{ name: 'ledger', mountPath: ledger }],
            },
          },
        ],
      },
    },
  } as KubeObject
}

class Server {
  readonly data: string
  readonly #place: string
  readonly #args: readonly string[]
  readonly #port: number
  #child: ChildProcess | undefined

  constructor(place: string, { live }: Size, port: number) {
    this.data = join(place, 'data')
    this.#place = place
    this.#port = port
    const ports = ['--port', String(port), '--http-port', '0']
    this.#args = ['server', '--data-dir', this.data, ...ports, '--max-pods', String(live)]
  }

  /** Resolves when the API says that it is ready. */
  async start(): Promise<void> {
    const env = { ...process.env, ARGOSY_DIST: '1', XDG_CACHE_HOME: join(this.#place, '../cache') }
    const stdio = ['ignore', 'ignore', 'inherit'] as const
    const child = spawn(process.execPath, [door, ...this.#args], { env, stdio: [...stdio] })
    this.#child = child
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`)
      return existsSync(join(this.data, 'kubeconfig')) && isReady(this.#port)
    })
  }

  /** Processor time until now; a harried machine hardly changes it. */
  cpuMs(): number {
    const text = readFileSync(`/proc/${this.#child?.pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM')
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }
}

function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const url = `https://127.0.0.1:${port}/readyz`
    const asked = get(url, { rejectUnauthorized: false, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    asked.on('error', () => resolve(false))
  })
}

async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await check())) await delay(2)
}

async function finished(client: Client, name: string): Promise<void> {
  const ref = { resource: resources.workflows, namespace: 'default', name }
  for (;;) {
    const phase = (await client.get<Workflow>(ref))?.status?.phase
    if (phase === 'Succeeded') return
    if (phase === 'Failed' || phase === 'Error') throw new Error(`the workflow ended ${phase}`)
    await delay(500)
  }
}

function linesOf(ledger: string): readonly string[] {
  const file = join(ledger, 'steps')
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []
}

function counts(ledger: string, { nodes }: Size) {
  const times = new Map<string, number>()
  for (const line of linesOf(ledger)) times.set(line, (times.get(line) ?? 0) + 1)
  const ends = [...times.keys()].filter((line) => line.startsWith('end')).length
  return { lost: nodes / 2 - ends, twice: [...times.values()].filter((count) => count > 1).length }
}

function rmCopy(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const name of ['store.db', 'store.db-wal']) {
    if (existsSync(join(from, name))) cpSync(join(from, name), join(to, name))
  }
}

/** A Node process that starts, and reads every row of the same store. */
async function readRows(folder: string): Promise<Sample> {
  const program = `
    const { DatabaseSync } = require('node:sqlite')
    const store = new DatabaseSync(${JSON.stringify(join(folder, 'store.db'))})
    let bytes = 0
    for (const { body } of store.prepare('SELECT * FROM log ORDER BY revision').iterate())
      if (typeof body === 'string') bytes += JSON.stringify(JSON.parse(body)).length
    const { user, system } = process.cpuUsage()
    process.stdout.write(String((user + system) / 1000 + Math.min(bytes, 0)))`
  const begin = performance.now()
  const { stdout } = await run(process.execPath, ['--no-warnings', '-e', program])
  return { ms: performance.now() - begin, cpuMs: Number(stdout) }
}
