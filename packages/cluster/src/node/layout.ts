import { join } from 'node:path'
import type { Pod } from '@argosy/engine'

/**
 * Where things are below the data directory:
 *
 *     pods/<uid>/containers/<name>-<attempt>/   exists = was started, never to be started again
 *     pods/<uid>/volumes/<name>/                emptyDir, configMap, secret, projected, downwardAPI
 *     pods/<uid>/inputs/, staged.json           input artifacts and the script; the list is written when all are there
 *     logs/<namespace>_<pod>_<uid>/<container>/<attempt>.log   survive the pod
 *     images/                                   files that built-in images bring along
 *     artifacts/                                the disk driver's
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
    containers: join(root, 'containers'),
    volumes: join(root, 'volumes'),
    inputs: join(root, 'inputs'),
    staged: join(root, 'staged.json'),
    container: (container: string, attempt: number) =>
      join(root, 'containers', `${container}-${attempt}`),
    logFolder: (container: string) => join(logs, container),
  }
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
