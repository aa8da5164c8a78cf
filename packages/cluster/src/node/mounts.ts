import { chmodSync, lstatSync, mkdirSync, statSync } from 'node:fs'
import { lstat, realpath } from 'node:fs/promises'
import { basename, dirname, join, posix } from 'node:path'
import type { Container, VolumeMount } from '@argosy/engine'
import { expand } from './expand.ts'
import { Refusal } from './refusal.ts'
import type { Mount } from './runtime.ts'
import type { Volumes } from './volumes.ts'

/** A container's view of its pod's volumes, outer paths first. */
export function volumeMounts(
  container: Container,
  volumes: Volumes,
  env: Readonly<Record<string, string>>,
): readonly Mount[] {
  return byDepth((container.volumeMounts ?? []).map((mount) => toMount(mount, volumes, env)))
}

/** Outer paths first, so that an inner mount is not hidden by an outer one. */
export function byDepth(mounts: readonly Mount[]): readonly Mount[] {
  if (mounts.length < 2) return mounts
  return [...mounts].sort((a, b) => depth(a.target) - depth(b.target))
}

function depth(path: string): number {
  return path.split('/').length
}

function toMount(
  mount: VolumeMount,
  volumes: Volumes,
  env: Readonly<Record<string, string>>,
): Mount {
  const source = volumes.get(mount.name)
  if (source === undefined) throw refuse(`volumeMount "${mount.name}" names no volume of the pod`)
  const subPath = mount.subPathExpr ? expand(mount.subPathExpr, (name) => env[name]) : mount.subPath
  return {
    source: subPath ? subPathOf(source, subPath) : source,
    // Containers that run beside this one may put a link there after it was looked at.
    ...(subPath && { trusted: source }),
    target: cleanTarget(mount.mountPath),
    readOnly: mount.readOnly === true,
  }
}

function cleanTarget(path: string): string {
  return posix.resolve('/', path)
}

/** A directory is made when nothing is there. No part of the way may be a link: a container may have put it there. */
function subPathOf(source: string, subPath: string): string {
  const segments = posix
    .normalize(subPath)
    .split('/')
    .filter((segment) => segment !== '')
  if (subPath.startsWith('/') || segments.includes('..')) {
    throw refuse(`subPath "${subPath}" must be relative and must not contain ".."`)
  }
  let path = source
  for (const segment of segments) {
    path = join(path, segment)
    const entry = lstatSync(path, { throwIfNoEntry: false })
    if (entry?.isSymbolicLink()) throw refuse(`subPath "${subPath}" leads through a link`)
    if (!entry) makeAs(source, path)
  }
  return path
}

/** Whoever may write to the volume may write to its parts. The umask would take bits from mkdir's mode. */
function makeAs(source: string, path: string): void {
  mkdirSync(path)
  chmodSync(path, statSync(source).mode & 0o7777)
}

/**
 * Where this process itself reads or writes what containers see at `path`, below one of the mounts; undefined when none
 * covers it. What is in a volume was put there by containers: throws `Refusal` when a link of theirs leads out of it.
 */
export async function placeInVolume(
  mounts: readonly Mount[],
  path: string,
): Promise<string | undefined> {
  const at = cleanTarget(path)
  const covering = mounts.findLast(
    ({ target }) => at === target || at.startsWith(target === '/' ? '/' : `${target}/`),
  )
  if (!covering) return undefined
  const room = await realpath(covering.source)
  const place = await realPlace(join(covering.source, at.slice(covering.target.length)))
  if (place === room || place?.startsWith(`${room}/`)) return place
  throw refuse(`${path} leads out of its volume: there is a link in its way`)
}

/** Without links as far as it exists; undefined when a link leads to nothing. */
async function realPlace(path: string): Promise<string | undefined> {
  const entry = await lstat(path).catch(() => undefined)
  if (entry) return realpath(path).catch(() => undefined)
  const folder = await realPlace(dirname(path))
  return folder && join(folder, basename(path))
}

function refuse(message: string): Refusal {
  return new Refusal('CreateContainerConfigError', message, false)
}
