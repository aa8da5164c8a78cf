import { chmodSync, lstatSync, mkdirSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs'
import { lstat, mkdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Pod, Volume } from '@argosy/engine'
import type { ApiDoor } from './api-door.ts'
import type { HostFacts } from './downward.ts'
import { type FileToWrite, projectedFiles } from './projected.ts'
import type { References } from './references.ts'
import { Refusal } from './refusal.ts'

/** The machine's path of each of a pod's volumes. */
export type Volumes = ReadonlyMap<string, string>

export interface VolumeFacts {
  readonly dir: string
  readonly references: References
  readonly host: HostFacts
  readonly api?: ApiDoor | undefined
  /** This machine's path of a claim of the pod's namespace. */
  claim(name: string): Promise<string>
}

/** Makes a pod's volumes, those that exist already stay as they are. Throws `Refusal` for what cannot be made now, or ever. */
export async function makeVolumes(pod: Pod, facts: VolumeFacts): Promise<Volumes> {
  const volumes = new Map<string, string>()
  for (const volume of pod.spec.volumes ?? []) {
    volumes.set(volume.name, await makeVolume(pod, volume, facts))
  }
  return volumes
}

async function makeVolume(pod: Pod, volume: Volume, facts: VolumeFacts): Promise<string> {
  const { hostPath, emptyDir, persistentVolumeClaim } = volume
  if (hostPath) return checkHostPath(hostPath.path, hostPath.type ?? '')
  if (persistentVolumeClaim) return facts.claim(persistentVolumeClaim.claimName)
  const dir = join(facts.dir, safeName(volume.name))
  if (emptyDir || onlyName(volume)) {
    mkdirSync(dir, { recursive: true })
    // The umask would take bits from mkdir's mode.
    chmodSync(dir, 0o777)
    return dir
  }
  if (lstatSync(dir, { throwIfNoEntry: false })) return dir
  const files = await projectedFiles(pod, volume, facts)
  if (!files) {
    const kind = Object.keys(volume).find((key) => key !== 'name')
    throw refuse(`volume "${volume.name}": ${kind} volumes are not supported by this node`)
  }
  writeFiles(dir, files)
  return dir
}

/** Kubernetes' default for a volume that names no source. */
function onlyName(volume: Volume): boolean {
  return Object.keys(volume).every((key) => key === 'name')
}

function safeName(name: string): string {
  if (/^[A-Za-z0-9]([-A-Za-z0-9_.]*)$/.test(name) && name !== '..') return name
  throw refuse(`volume name "${name}" is not valid`)
}

/**
 * At once, like whatever is small and close by: going through the threads, these dozen steps would take longer than many a
 * program.
 */
function writeFiles(dir: string, files: readonly FileToWrite[]): void {
  // Whole or not there: an interrupted attempt leaves only the other directory.
  mkdirSync(dirname(dir), { recursive: true })
  const draft = mkdtempSync(`${dir}.draft-`)
  chmodSync(draft, 0o755)
  for (const { path, content, mode } of files) {
    const target = join(draft, path)
    if (path.includes('/')) mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, content)
    chmodSync(target, mode)
  }
  renameSync(draft, dir)
}

type HostPathCheck = 'directory' | 'file' | 'socket' | 'character device' | 'block device'

const hostPathTypes: Readonly<Record<string, { want?: HostPathCheck; create?: 'dir' | 'file' }>> = {
  '': {},
  DirectoryOrCreate: { want: 'directory', create: 'dir' },
  Directory: { want: 'directory' },
  FileOrCreate: { want: 'file', create: 'file' },
  File: { want: 'file' },
  Socket: { want: 'socket' },
  CharDevice: { want: 'character device' },
  BlockDevice: { want: 'block device' },
}

async function checkHostPath(path: string, type: string): Promise<string> {
  const rule = hostPathTypes[type]
  if (!rule) throw refuse(`hostPath type ${type} is not supported`)
  if (rule.create && !(await exists(path))) {
    if (rule.create === 'dir') await mkdir(path, { recursive: true, mode: 0o755 })
    else await writeFile(path, '', { mode: 0o644 })
  }
  // The container runtime makes the directory when the type says nothing.
  if (type === '' && !(await exists(path))) await mkdir(path, { recursive: true })
  if (rule.want && (await kindOf(path)) !== rule.want) {
    throw new Refusal(
      'ContainerCreating',
      `hostPath type check failed: ${path} is not a ${rule.want}`,
    )
  }
  return path
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}

async function kindOf(path: string): Promise<HostPathCheck | undefined> {
  const entry = await stat(path).catch(() => undefined)
  if (entry?.isDirectory()) return 'directory'
  if (entry?.isFile()) return 'file'
  if (entry?.isSocket()) return 'socket'
  if (entry?.isCharacterDevice()) return 'character device'
  return entry?.isBlockDevice() ? 'block device' : undefined
}

function refuse(message: string): Refusal {
  return new Refusal('CreateContainerConfigError', message, false)
}
