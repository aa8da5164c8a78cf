import { join } from 'node:path'
import type { Pod } from '@argosy/engine'

/**
 * Where things are below the data directory:
 *
 *     pods/<uid>/container-<name>-<attempt>/    exists = was started, never to be started again
 *     pods/<uid>/volumes/<name>/                emptyDir, configMap, secret, projected, downwardAPI
 *     pods/<uid>/inputs/, staged.json           input artifacts and the script; the list is written when all are there
 *     logs/<namespace>_<pod>_<uid>/<container>/<attempt>.log   survive the pod
 *     images/                                   files that built-in images bring along
 *     artifacts/                                the disk driver's
 *
 * Few directories: making one is the dearest thing that a short step does to a disk.
 */
export function layoutOf(dataDir: string) {
  return {
    pods: join(dataDir, 'pods'),
    logs: join(dataDir, 'logs'),
    images: join(dataDir, 'images'),
    artifacts: join(dataDir, 'artifacts'),
    pod: (pod: Pod) => podLayout(dataDir, pod),
  }
}

export type Layout = ReturnType<typeof layoutOf>
export type PodLayout = ReturnType<typeof podLayout>

function podLayout(dataDir: string, pod: Pod) {
  const { uid = '', name = '', namespace = 'default' } = pod.metadata
  const root = join(dataDir, 'pods', uid)
  const logs = join(dataDir, 'logs', logFolder({ namespace, name, uid }))
  return {
    root,
    volumes: join(root, 'volumes'),
    inputs: join(root, 'inputs'),
    staged: join(root, 'staged.json'),
    container: (container: string, attempt: number) =>
      join(root, `${containerPrefix}${container}-${attempt}`),
    logFolder: (container: string) => join(logs, container),
  }
}

const containerPrefix = 'container-'

/** The container and the attempt that a directory of a pod belongs to, if it is one. */
export function parseContainer(name: string): readonly [string, number] | undefined {
  const [, container, attempt] = /^container-(.+)-(\d+)$/.exec(name) ?? []
  return container === undefined ? undefined : [container, Number(attempt)]
}

export interface PodRef {
  readonly namespace: string
  readonly name: string
  readonly uid: string
}

export function logFolder({ namespace, name, uid }: PodRef): string {
  return `${namespace}_${name}_${uid}`
}

/** A container's attempt in its log folder; with `split`, standard error has a file of its own. */
export function logFiles(folder: string, attempt: number, split: boolean) {
  const stdout = join(folder, `${attempt}.log`)
  return { stdout, stderr: split ? join(folder, `${attempt}.stderr.log`) : stdout }
}
