import type { Stats } from 'node:fs'
import { lstat, mkdtemp, readlink } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { basename, join, posix } from 'node:path'
import { untarStream } from '@argosy/executor'
import type { ContainerSpec, Mount, Running } from '../../runtime.ts'
import { type Engine, EngineError } from './engine.ts'
import { isAway, persevere } from './persevere.ts'

const mostLinks = 40

/**
 * Container path to machine path. What lies in a mount is where the mount has it; everything else is in the engine's
 * keeping, and is copied out of it when it is asked for. Links are followed as the container would: none leads out.
 */
export function containerFiles(
  engine: Engine,
  name: string,
  { dir, mounts }: Pick<ContainerSpec, 'dir' | 'mounts'>,
): Running['resolve'] {
  const inner = mounts.toSorted((a, b) => b.target.length - a.target.length)

  /** Where the path leads in one step: to something, to another path, or to nothing. */
  async function step(path: string): Promise<Step> {
    const mount = inner.find(({ target }) => isBelow(path, target))
    if (!mount) return atEngine(path)
    const found = await inMount(mount, path)
    // Only the engine sees what several mounts make up.
    const holdsMount = inner.some(({ target }) => target !== path && isBelow(target, path))
    return found && 'machine' in found && holdsMount ? { kept: path } : found
  }

  async function atEngine(path: string): Promise<Step> {
    const stat = await statOf(engine, name, path)
    if (!stat) return undefined
    if ((stat.mode & linkMode) === 0) return { kept: path }
    return { elsewhere: stat.linkTarget }
  }

  async function copy(path: string): Promise<string | undefined> {
    // A name of its own: a copy that a crash cut short may be there already.
    const room = await mkdtemp(join(dir, 'scratch', 'copy-'))
    const archive = await engine.stream({ path: `/containers/${name}/archive`, query: { path } })
    await untarStream(archive, room, { links: 'as they are' }).catch((error: unknown) => {
      throw archive.errored ? new EngineError(0, 'the engine ended in the middle of a file') : error
    })
    return path === '/' ? room : join(room, basename(path))
  }

  const find = async (wanted: string) => {
    let path = tidy(wanted)
    for (let links = 0; links <= mostLinks; links++) {
      const next = await step(path)
      if (next === undefined) return undefined
      if ('machine' in next) return next.machine
      if ('kept' in next) return copy(next.kept)
      path = tidy(next.elsewhere)
    }
    return undefined
  }

  return (wanted) => persevere(engine, () => find(wanted))
}

type Step =
  | { readonly machine: string }
  | { readonly kept: string }
  | { readonly elsewhere: string }
  | undefined

/** Through the directories of a mount; a link is given back as the container's path that it leads to. */
async function inMount({ source, target }: Mount, path: string): Promise<Step> {
  const names = parts(path.slice(target === '/' ? 0 : target.length))
  let at = source
  for (const [index, name] of names.entries()) {
    const found = await lookAt(join(at, name))
    if (!found) return undefined
    at = join(at, name)
    if (!found.isSymbolicLink()) continue
    const here = posix.join(target, ...names.slice(0, index))
    const rest = names.slice(index + 1)
    return { elsewhere: posix.join(posix.resolve(here, await readlink(at)), ...rest) }
  }
  return (await lookAt(at)) ? { machine: at } : undefined
}

async function lookAt(path: string): Promise<Stats | undefined> {
  return lstat(path).catch(() => undefined)
}

/** Go's os.ModeSymlink. */
const linkMode = 2 ** 27

interface EngineStat {
  readonly mode: number
  /** Of a link: the end of it, inside the container. */
  readonly linkTarget: string
}

async function statOf(engine: Engine, name: string, path: string): Promise<EngineStat | undefined> {
  try {
    const call = { method: 'HEAD', path: `/containers/${name}/archive`, query: { path } } as const
    return readStat(await engine.stream(call))
  } catch (error) {
    // Not there, below a file, or a link in a circle.
    if (error instanceof EngineError && !isAway(error)) return undefined
    throw error
  }
}

function readStat(answer: IncomingMessage): EngineStat | undefined {
  answer.resume()
  const header = answer.headers['x-docker-container-path-stat']
  if (typeof header !== 'string') return undefined
  return JSON.parse(Buffer.from(header, 'base64').toString()) as EngineStat
}

function isBelow(path: string, dir: string): boolean {
  return path === dir || path.startsWith(dir === '/' ? dir : `${dir}/`)
}

function parts(path: string): string[] {
  return path.split('/').filter((part) => part !== '')
}

function tidy(path: string): string {
  return posix.resolve('/', path)
}
