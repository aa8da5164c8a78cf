import { join } from 'node:path'
import type { Pod } from '@argosy/engine'

/**
 * Where things are below the data directory:
 *
 *     containers/<uid>.<container>.<attempt>/   exists = was started, never to be started again (state-dir.ts)
 *     scratch/<uid>.<container>.<attempt>/      what it writes beside its volumes
 *     pods/<uid>/volumes/<name>/                emptyDir, configMap, secret, projected, downwardAPI
 *     pods/<uid>/inputs/, staged.json           input artifacts and the script; the list is written when all are there
 *     hosts/<uid>                               its /etc/hosts, when it has one of its own
 *     logs/<namespace>_<pod>_<uid>_<container>_<attempt>.log   survive the pod
 *     names/                                    what many pods share: hosts files by namespace, files for resolvers
 *     images/                                   files that built-in images bring along
 *     artifacts/                                the disk driver's
 *     hidden/                                   empty: what containers see in place of all this
 *     claims/<uid>/                             the files of a PersistentVolumeClaim
 *
 * Few files and directories: making one is the dearest thing that a short step does to a disk.
 */
export function layoutOf(dataDir: string) {
  return {
    pods: join(dataDir, 'pods'),
    containers: join(dataDir, 'containers'),
    hosts: join(dataDir, 'hosts'),
    names: join(dataDir, 'names'),
    /** What all steps of a namespace have for /etc/hosts. */
    hostsOf: (namespace: string) => join(dataDir, 'names', `${namespace}.hosts`),
    scratch: join(dataDir, 'scratch'),
    logs: join(dataDir, 'logs'),
    images: join(dataDir, 'images'),
    artifacts: join(dataDir, 'artifacts'),
    claims: join(dataDir, 'claims'),
    pod: (pod: Pod) => podLayout(dataDir, pod),
  }
}

export type Layout = ReturnType<typeof layoutOf>
export type PodLayout = ReturnType<typeof podLayout>

function podLayout(dataDir: string, pod: Pod) {
  const { uid = '', name = '', namespace = 'default' } = pod.metadata
  const root = `${dataDir}/pods/${uid}`
  return {
    /** Made by whoever first has something to put there. */
    root,
    volumes: `${root}/volumes`,
    inputs: `${root}/inputs`,
    staged: `${root}/staged.json`,
    hosts: `${dataDir}/hosts/${uid}`,
    /** How the paths of all its containers begin. */
    containers: `${dataDir}/containers/${uid}.`,
    container: (container: string, attempt: number) =>
      `${dataDir}/containers/${uid}.${container}.${attempt}`,
    scratch: (container: string, attempt: number) =>
      `${dataDir}/scratch/${uid}.${container}.${attempt}`,
    log: (container: string, attempt: number, split: boolean) =>
      logFiles(`${dataDir}/logs`, { namespace, name, uid }, { container, attempt, split }),
  }
}

/** Which container of which pod a directory in `containers` belongs to. */
export interface ContainerRef {
  readonly uid: string
  readonly container: string
  readonly attempt: number
}

/** Neither part can hold a dot. */
export function parseContainer(name: string): ContainerRef | undefined {
  const [, uid, container, attempt] = /^([^.]+)\.([^.]+)\.(\d+)$/.exec(name) ?? []
  if (uid === undefined || container === undefined) return undefined
  return { uid, container, attempt: Number(attempt) }
}

export interface PodRef {
  readonly namespace: string
  readonly name: string
  readonly uid: string
}

/** How the names of a pod's logs begin. */
function logPrefix({ namespace, name, uid }: PodRef): string {
  return `${namespace}_${name}_${uid}_`
}

/** A container's attempt; with `split`, standard error has a file of its own. */
export function logFiles(
  folder: string,
  pod: PodRef,
  { container, attempt, split }: { container: string; attempt: number; split: boolean },
) {
  const stdout = `${folder}/${logPrefix(pod)}${container}_${attempt}.log`
  return { stdout, stderr: split ? stdout.replace(/log$/, 'stderr.log') : stdout }
}

/** The attempt of a container that a log belongs to: none of its names can hold an underscore. */
export function parseLogName(
  file: string,
): { readonly ref: PodRef; readonly container: string; readonly attempt: number } | undefined {
  const [, namespace, name, uid, container, attempt] =
    /^([^_]+)_([^_]+)_([^_]+)_([^_]+)_(\d+)\.log$/.exec(file) ?? []
  if (namespace === undefined || name === undefined || uid === undefined) return undefined
  return { ref: { namespace, name, uid }, container: container ?? '', attempt: Number(attempt) }
}

/** The container and the attempt that a log of this pod belongs to. */
export function parseLog(
  pod: PodRef,
  file: string,
): { readonly container: string; readonly attempt: number } | undefined {
  const prefix = logPrefix(pod)
  if (!file.startsWith(prefix)) return undefined
  const [, container, attempt] =
    /^([^_]+)_(\d+)(?:\.stderr)?\.log$/.exec(file.slice(prefix.length)) ?? []
  return container === undefined ? undefined : { container, attempt: Number(attempt) }
}
