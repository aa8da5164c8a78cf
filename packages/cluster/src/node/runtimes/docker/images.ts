import type { IncomingMessage } from 'node:http'
import { Refusal } from '../../refusal.ts'
import type { ImageFacts, Images, Logins, WantedImage } from '../../runtime.ts'
import { type Engine, EngineError } from './engine.ts'
import { isReference, splitReference } from './reference.ts'

/** The engine's images, pulled when they are missing. */
export function engineImages(engine: Engine): Images {
  const pulls = new Map<string, Promise<void>>()

  /** Whoever wants the same image at the same time waits for the same pull. */
  function pull(wanted: WantedImage): Promise<void> {
    const { name } = wanted
    const work = pulls.get(name) ?? pullImage(engine, wanted).finally(() => pulls.delete(name))
    pulls.set(name, work)
    return work
  }

  return {
    async ensure(wanted) {
      const { name, policy } = wanted
      if (!isReference(name)) throw invalidName(name)
      const there = policy === 'Always' ? undefined : await factsOf(engine, name)
      if (there) return there
      if (policy === 'Never') throw neverPulled(name)
      await pull(wanted)
      const pulled = await factsOf(engine, name)
      if (pulled) return pulled
      throw new Refusal('ErrImagePull', `image "${name}" was pulled, and is not there`)
    },
  }
}

function invalidName(name: string): Refusal {
  const message = `couldn't parse image name "${name}": invalid reference format`
  return new Refusal('InvalidImageName', message, false)
}

function neverPulled(name: string): Refusal {
  const message = `Container image "${name}" is not present with pull policy of Never`
  return new Refusal('ErrImageNeverPull', message)
}

interface Inspected {
  readonly Id?: string
  readonly Config?: {
    readonly User?: string
    readonly Entrypoint?: readonly string[] | null
    readonly Cmd?: readonly string[] | null
  } | null
}

/** Undefined when the engine does not have it. */
async function factsOf(engine: Engine, name: string): Promise<ImageFacts | undefined> {
  try {
    const image = await engine.json<Inspected>({ path: `/images/${name}/json` })
    const { User = '', Entrypoint, Cmd } = image?.Config ?? {}
    return { id: image?.Id ?? '', user: User, entrypoint: Entrypoint ?? [], command: Cmd ?? [] }
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) return undefined
    throw asRefusal(error)
  }
}

function asRefusal(error: unknown): unknown {
  return error instanceof EngineError ? new Refusal('CreateContainerError', error.message) : error
}

async function pullImage(engine: Engine, { name, logins, tell }: WantedImage): Promise<void> {
  tell({ reason: 'Pulling', message: `Pulling image "${name}"` })
  const since = performance.now()
  try {
    await pulled(engine, name, await logins())
  } catch (error) {
    if (!(error instanceof EngineError)) throw error
    throw error.status === 0
      ? asRefusal(error)
      : new Refusal('ErrImagePull', `failed to pull image "${name}": ${error.message}`)
  }
  const seconds = ((performance.now() - since) / 1000).toFixed(3)
  tell({ reason: 'Pulled', message: `Successfully pulled image "${name}" in ${seconds}s` })
}

async function pulled(engine: Engine, name: string, logins: Logins): Promise<void> {
  const { repository, tag, host } = splitReference(name)
  const login = logins.get(host)
  const answer = await engine.stream({
    method: 'POST',
    path: '/images/create',
    query: { fromImage: repository, tag },
    headers: {
      ...(login && { 'X-Registry-Auth': Buffer.from(JSON.stringify(login)).toString('base64url') }),
    },
  })
  const problem = await problemOf(answer)
  if (problem !== undefined) throw new EngineError(500, problem)
}

/** A pull that fails half-way says so at its end: one JSON object a line, the last of them an error. */
async function problemOf(answer: IncomingMessage): Promise<string | undefined> {
  let rest = ''
  let problem: string | undefined
  try {
    for await (const chunk of answer) {
      const lines = (rest + String(chunk)).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) problem = errorIn(line) ?? problem
    }
  } catch {
    throw new EngineError(0, 'the engine ended in the middle of a pull')
  }
  return errorIn(rest) ?? problem
}

function errorIn(line: string): string | undefined {
  if (line.trim() === '') return undefined
  const { error } = JSON.parse(line) as { error?: string }
  return error
}
