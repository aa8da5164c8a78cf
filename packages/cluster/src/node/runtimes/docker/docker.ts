import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeIs } from '../../code-is.ts'
import { readExit } from '../../launcher/records.ts'
import { Refusal } from '../../refusal.ts'
import type { ContainerSpec, Exit, Running, Runtime } from '../../runtime.ts'
import { runCommand } from './command.ts'
import {
  EngineContainer,
  type EngineRecord,
  failedStart,
  type Inspected,
  inspect,
  lostExit,
  writeWhole,
} from './container.ts'
import { createBody } from './create-body.ts'
import { Ends } from './ends.ts'
import { type Engine, EngineError, openEngine } from './engine.ts'
import { engineSocket } from './engine-socket.ts'
import { listenForEnd } from './first-word.ts'
import { containerName, dirLabel } from './identity.ts'
import { engineImages } from './images.ts'
import { openLogs } from './log-copy.ts'
import { type Bridge, engineNetworks, removeContainer } from './networks.ts'
import { removeOrphans } from './orphans.ts'
import { persevere } from './persevere.ts'

export interface DockerOptions {
  /** Default: what DOCKER_HOST says, or where an engine usually listens. */
  readonly socket?: string
  /** How it is waited for an engine that is away; default: the machine's clock. */
  readonly pause?: Engine['pause']
}

/**
 * Containers of a Docker Engine. Invariants:
 *
 * 1. The container's directory and `docker.json` in it are there before the engine is asked to create the container,
 *    `id` before it is asked to start it: after a crash it is known how far it had come.
 * 2. A container's name follows from its directory: it cannot be made twice.
 * 3. A container is started only while the engine says that it never was.
 * 4. The engine keeps a container and all of its log until `remove`.
 */
export async function dockerRuntime(options: DockerOptions = {}): Promise<Runtime> {
  const engine = await openEngine(options.socket ?? engineSocket(), options.pause)
  const bridge = await bridgeOf(engine)
  await removeOrphans(engine)
  const ends = engine.isDockers ? new Ends(engine) : undefined
  // An engine that refuses is asked of each container.
  ends?.follow().catch(() => undefined)
  const containers = new Containers(engine, bridge?.name ?? 'host', ends)
  const shares = bridge ? 'pods have own networks' : "the network is the machine's"
  return {
    name: 'docker',
    describe:
      `containers of the Docker Engine ${engine.version} at ${engine.socket}: images, files, processes and ` +
      `limits are the engine's; ${shares}`,
    images: engineImages(engine),
    ...(bridge && { networks: engineNetworks(engine, bridge) }),
    start: (spec) => containers.start(spec),
    adopt: (dir) => containers.adopt(dir),
    exec: (dir, spec) => runCommand(engine, containerName(dir), spec),
    remove: (dir) => containers.remove(dir),
    async [Symbol.asyncDispose]() {
      engine.close()
    },
  }
}

/** An engine may have been told to have no bridge. */
async function bridgeOf(engine: Engine): Promise<Bridge | undefined> {
  try {
    const found = await engine.json<{
      IPAM?: { Config?: readonly { Gateway?: string }[] | null }
    }>({ path: '/networks/bridge' })
    const gateways = found?.IPAM?.Config?.map(({ Gateway }) => Gateway) ?? []
    const gateway = gateways.find((one) => one?.includes('.'))
    return { name: 'bridge', ...(gateway !== undefined && { gateway }) }
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) return undefined
    throw error
  }
}

/** A start that an earlier process had asked for may still be under way. */
const underWayMs = 1_000

class Containers {
  readonly #engine: Engine
  readonly #ownNetwork: string
  readonly #ends: Ends | undefined

  constructor(engine: Engine, ownNetwork: string, ends: Ends | undefined) {
    this.#engine = engine
    this.#ownNetwork = ownNetwork
    this.#ends = ends
  }

  async start(spec: ContainerSpec): Promise<Running> {
    if (!(await claim(spec))) {
      const startError = `${spec.dir}: already started`
      return this.#over({ spec, base: [0, 0] }, { code: 128, finishedAt: Date.now(), startError })
    }
    const [base] = await Promise.all([openLogs(spec), makeOwnFiles(spec)])
    const record: EngineRecord = { spec, base }
    await writeWhole(`${spec.dir}/docker.json`, JSON.stringify(record))
    return this.#begin(record)
  }

  async adopt(dir: string): Promise<Running | undefined> {
    const [record, exit] = await Promise.all([readRecord(dir), readExit(dir)])
    if (!record) return undefined
    const name = containerName(dir)
    if (exit) return this.#over(record, exit, await this.#look(name))
    const seen = await this.#look(name)
    if (seen?.State.Error) return this.#failed(record, seen.State.Error)
    if (seen?.State.Status === 'created') {
      await this.#engine.pause(underWayMs)
      return this.#run(record, 'look first')
    }
    if (seen) return this.#found(record, seen)
    if (existsSync(`${dir}/id`)) return this.#over(record, lostExit())
    return this.#begin(record, 'again').catch((error: unknown) => {
      if (error instanceof Refusal) return this.#failed(record, error.message)
      throw error
    })
  }

  async remove(dir: string): Promise<void> {
    await removeContainer(this.#engine, containerName(dir))
    const scratch = await realpath(`${dir}/scratch`).catch(() => undefined)
    if (scratch !== undefined) await rm(scratch, { recursive: true, force: true })
    await rm(dir, { recursive: true, force: true })
  }

  /** `again`: an earlier process may have come so far, and an engine that is away is waited for. */
  async #begin(record: EngineRecord, when: 'first' | 'again' = 'first'): Promise<Running> {
    const { spec } = record
    let how: 'fresh' | 'look first'
    try {
      const create = () => this.#create(spec)
      how = await (when === 'again' ? persevere(this.#engine, create) : create())
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
      if (!mayPass(error)) return this.#failed(record, error.message)
      await this.#withdraw(spec)
      throw new Refusal('CreateContainerError', error.message)
    }
    return this.#run(record, how)
  }

  async #create(spec: ContainerSpec): Promise<'fresh' | 'look first'> {
    const query = { name: containerName(spec.dir) }
    const body = createBody(spec, this.#ownNetwork)
    const call = { method: 'POST', path: '/containers/create', query, body } as const
    try {
      await this.#engine.json(call)
      return 'fresh'
    } catch (error) {
      // It was asked for before, by whoever crashed then.
      if (isTaken(error) && !(await this.#isAnothers(spec))) return 'look first'
      throw error
    }
  }

  async #isAnothers({ dir }: ContainerSpec): Promise<boolean> {
    const seen = await inspect(this.#engine, containerName(dir))
    return seen !== undefined && seen.Config.Labels?.[dirLabel] !== dir
  }

  /** Starts what was created, unless it has been started before. */
  async #run(record: EngineRecord, how: 'fresh' | 'look first'): Promise<Running> {
    const name = containerName(record.spec.dir)
    if (how === 'look first') {
      await noteCreated(record.spec)
      const seen = await this.#look(name)
      if (seen?.State.Status !== 'created') return this.#found(record, seen)
    }
    try {
      return await this.#startNow(record, name)
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
      if (error.status > 0) return this.#failed(record, error.message)
    }
    await this.#engine.pause(underWayMs)
    return this.#run(record, 'look first')
  }

  /** With an ear at its output, and one for its end, before there is any. */
  async #startNow(record: EngineRecord, name: string): Promise<Running> {
    const query = { stream: true, stdout: true, stderr: true }
    const attach = { method: 'POST', path: `/containers/${name}/attach`, query } as const
    const [output, end] = await Promise.all([
      this.#engine.hijack(attach),
      this.#ends && listenForEnd(this.#engine, this.#ends, name),
      noteCreated(record.spec),
    ])
    try {
      await this.#engine.json({ method: 'POST', path: `/containers/${name}/start` })
    } catch (error) {
      output.socket.destroy()
      end?.stop()
      throw error
    }
    const startedAt = Date.now()
    const look = this.#look(name)
    const known = { output, startedAt, ...(end && { word: end.word }) }
    const isSeen = end?.word.then((word) => (word ? undefined : look))
    const seen = await Promise.race([look, ...(isSeen ? [isSeen] : [])])
    return new EngineContainer(this.#engine, record, { ...known, seen })
  }

  #found(record: EngineRecord, seen: Inspected | undefined): Running {
    if (seen) return new EngineContainer(this.#engine, record, { seen })
    return this.#over(record, lostExit())
  }

  #look(name: string): Promise<Inspected | undefined> {
    return persevere(this.#engine, () => inspect(this.#engine, name))
  }

  async #failed(record: EngineRecord, message: string): Promise<Running> {
    return this.#over(record, await failedStart(record.spec.dir, message))
  }

  #over(record: EngineRecord, exit: Exit, seen?: Inspected): Running {
    return new EngineContainer(this.#engine, record, { seen, exit })
  }

  async #withdraw({ dir, scratch }: ContainerSpec): Promise<void> {
    if (scratch !== undefined) await rm(scratch, { recursive: true, force: true })
    await rm(dir, { recursive: true, force: true })
  }
}

/** Invariant 1. */
function noteCreated({ dir }: ContainerSpec): Promise<void> {
  return writeFile(`${dir}/id`, '')
}

/** Makes the container's directories; false when somebody had it started before. */
async function claim({ dir, scratch }: ContainerSpec): Promise<boolean> {
  await mkdir(dirname(dir), { recursive: true })
  try {
    await mkdir(dir)
  } catch (error) {
    if (codeIs(error, 'EEXIST')) return false
    throw error
  }
  if (scratch === undefined) await mkdir(`${dir}/scratch`)
  else {
    await mkdir(scratch, { recursive: true })
    await symlink(scratch, `${dir}/scratch`)
  }
  return true
}

/** What is mounted out of the container's own directory. */
async function makeOwnFiles({ dir, mounts }: ContainerSpec): Promise<void> {
  for (const { source } of mounts.filter((one) => one.source.startsWith(`${dir}/`))) {
    await writeFile(source, '')
    // The umask would take bits from writeFile's mode.
    await chmod(source, 0o666)
  }
}

async function readRecord(dir: string): Promise<EngineRecord | undefined> {
  try {
    return JSON.parse(await readFile(`${dir}/docker.json`, 'utf8')) as EngineRecord
  } catch (error) {
    if (codeIs(error, 'ENOENT')) return undefined
    throw error
  }
}

/** Without an engine, its image, its name or a place to put it, it can be tried again; whatever else is wrong stays wrong. */
function mayPass(error: EngineError): boolean {
  const passing = error.status === 0 || error.status === 404 || isTaken(error)
  return passing || /no space left on device/i.test(error.message)
}

function isTaken(error: unknown): boolean {
  return (
    error instanceof EngineError && error.status === 409 && /already in use/.test(error.message)
  )
}
