import type { Stats } from 'node:fs'
import { lstat, readlink } from 'node:fs/promises'
import { basename } from 'node:path'
import { layerOf, scratchOf, type View } from '../launcher/records.ts'
import type { Mount } from '../runtime.ts'
import { type Found, type Lookup, type Tree, wholeDirectory } from './merged.ts'

/** Other file systems of the machine that a container does not see (machine.h, find_submounts). */
const hidden = ['/proc', '/sys', '/dev', '/run', '/boot', '/var/lib/docker', '/var/lib/containers']
const made = ['/proc', '/sys', '/dev']
const mostLinks = 40

type IsOpaque = (path: string) => Promise<boolean>

/**
 * Container path to machine path. Links are followed one component at a time as the container would, so none leads out.
 * Only a directory that several places make up is not on this machine as the container sees it: that one is put
 * together (merged.ts).
 */
export function resolver(
  dir: string,
  view: View,
  isOpaque: IsOpaque,
): (path: string) => Promise<string | undefined> {
  const { look, below } = view.kind === 'process' ? machine : layers(dir, view, isOpaque)
  const mounts: (Mount & Layers)[] = []
  let placed: Promise<void> | undefined

  const mountOf = (path: string) => mounts.findLast((m) => isBelow(path, m.target))
  function lookup(path: string): Promise<Found | undefined> {
    const mount = mountOf(path)
    return mount ? mount.look(path.slice(mount.target.length)) : look(path)
  }

  const tree: Tree = {
    lookup,
    lower: async (path) => {
      const mount = mountOf(path)
      return mount ? mount.below(path.slice(mount.target.length)) : below(path)
    },
    holdsMount: (path) => mounts.some((m) => m.target !== path && isBelow(m.target, path)),
  }

  // A mount's target may lead through links of the image: /var/run/x is at /run/x.
  async function place(): Promise<void> {
    for (const [index, mount] of view.mounts.entries()) {
      const target = await walk(mount.target, lookup)
      const files = await mounted(mount, layerOf(dir, index), isOpaque)
      mounts.push({ ...mount, ...files, target: target?.at ?? tidy(mount.target) })
    }
  }

  return async (path) => {
    placed ??= place()
    await placed
    const walked = await walk(path, lookup)
    if (!walked?.found.stats.isDirectory()) return walked?.found.path
    return wholeDirectory(scratchOf(dir), walked.at, walked.found, tree)
  }
}

/** A container's path with the links of its root followed as far as the path exists. */
export async function settle(dir: string, view: View, path: string): Promise<string> {
  const { look } = layers(dir, view, async () => false)
  const names = parts(path)
  for (let missing = 0; missing <= names.length; missing++) {
    const walked = await walk(names.slice(0, names.length - missing).join('/'), look)
    if (walked) return tidy([walked.at, ...names.slice(names.length - missing)].join('/'))
  }
  return tidy(path)
}

interface Layers {
  readonly look: Lookup
  /** What also shows through a directory of the container's own layer. */
  readonly below: Lookup
}

const machine: Layers = { look: atMachine, below: async () => undefined }

/** The container's own layer over the root below it; links are not followed here. */
function layers(dir: string, { root }: View, isOpaque: IsOpaque): Layers {
  const upper = `${scratchOf(dir)}/upper`
  const atRoot = root.kind === 'dir' ? (path: string) => atMachine(root.path + path) : atHost
  const isPrivate = (path: string) => root.kind === 'host' && isBelow(path, '/tmp')
  const isMade = (path: string) => made.some((top) => isBelow(path, top))
  const { look, below } = overlaid(upper, atRoot, isOpaque)
  return {
    async look(path) {
      if (isMade(path)) return undefined
      if (!isPrivate(path)) return look(path)
      const found = await atMachine(scratchOf(dir) + path)
      return found && { ...found, own: true }
    },
    async below(path) {
      return isMade(path) || isPrivate(path) ? undefined : below(path)
    },
  }
}

/** The files of one mount, by their paths below it. */
async function mounted(
  { source, layered }: Mount,
  layer: string,
  isOpaque: IsOpaque,
): Promise<Layers> {
  const beneath = (path: string) => atMachine(source + path)
  if (!layered) return { look: beneath, below: async () => undefined }
  const isFile = (await beneath(''))?.stats.isDirectory() === false
  const upper = isFile ? `${layer}/upper/${basename(source)}` : `${layer}/upper`
  // Nobody changes it, so that it is as good as the container's own.
  const settled = async (path: string) => {
    const found = await beneath(path)
    return found && { ...found, own: true }
  }
  return overlaid(upper, settled, isOpaque)
}

/** A container's layer over what is `beneath` it. */
function overlaid(upper: string, beneath: Lookup, isOpaque: IsOpaque): Layers {
  return {
    async look(path) {
      const found = await atMachine(upper + path)
      if (found && isWhiteout(found.stats)) return undefined
      if (found && !isPlaceholder(found.stats)) return { ...found, own: true }
      return (await isCovered(upper, path, isOpaque)) ? undefined : beneath(path)
    },
    async below(path) {
      if (!(await atMachine(upper + path))) return undefined
      const hidden = (await isOpaque(upper + path)) || (await isCovered(upper, path, isOpaque))
      const found = hidden ? undefined : await beneath(path)
      return found?.stats.isDirectory() ? found : undefined
    },
  }
}

/** A directory that was removed and made again hides what was below it. */
async function isCovered(upper: string, path: string, isOpaque: IsOpaque): Promise<boolean> {
  for (let at = parent(path); at !== '/'; at = parent(at)) {
    if ((await atMachine(upper + at)) && (await isOpaque(upper + at))) return true
  }
  return false
}

async function atHost(path: string): Promise<Found | undefined> {
  const found = await atMachine(path)
  if (!found || !hidden.some((top) => isBelow(path, top))) return found
  return found.stats.dev === (await lstat('/')).dev ? found : undefined
}

interface Walked {
  /** The path inside the container, without links. */
  readonly at: string
  readonly found: Found
}

async function walk(path: string, lookup: Lookup): Promise<Walked | undefined> {
  const todo = parts(path)
  const root = await lookup('/')
  let walked: Walked | undefined = root && { at: '/', found: root }
  for (let links = 0, name = todo.shift(); walked && name; name = todo.shift()) {
    if (!walked.found.stats.isDirectory()) return undefined
    const next: Walked | undefined = await step(walked.at, name, lookup)
    if (!next?.found.stats.isSymbolicLink()) {
      walked = next
      continue
    }
    links += 1
    if (links > mostLinks) return undefined
    const target = await readlink(next.found.path)
    todo.unshift(...parts(target))
    if (target.startsWith('/') && root) walked = { at: '/', found: root }
  }
  return walked
}

async function step(from: string, name: string, lookup: Lookup): Promise<Walked | undefined> {
  const at = name === '..' ? parent(from) : join(from, name)
  const found = await lookup(at)
  return found && { at, found }
}

async function atMachine(path: string): Promise<Found | undefined> {
  try {
    return { path, stats: await lstat(path) }
  } catch {
    // Absent, or not reachable for us: either way there is nothing to give.
    return undefined
  }
}

function isWhiteout(stats: Stats): boolean {
  return stats.isCharacterDevice() && stats.rdev === 0
}

// sandbox.h, piece: below it lies a file of the machine.
function isPlaceholder(stats: Stats): boolean {
  return stats.isFile() && stats.size === 0 && (stats.mode & 0o777) === 0
}

function isBelow(path: string, dir: string): boolean {
  return path === dir || path.startsWith(dir === '/' ? dir : `${dir}/`)
}

function parts(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.')
}

function tidy(path: string): string {
  return `/${parts(path).join('/')}`
}

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/'
}

function join(dir: string, name: string): string {
  return dir === '/' ? `/${name}` : `${dir}/${name}`
}
