import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { layoutOf } from '@argosy/cluster'
import type { Artifact, Workflow } from '@argosy/engine'
import { allDrivers, driverOf } from '@argosy/executor'
import { StatusError } from '@argosy/kube'
import type { Shell } from '../shell/shell.ts'
import { type ArtifactOf, type ArtifactQuery, artifactsOf, placeOf } from './artifacts-of.ts'
import type { Remote } from './connect.ts'
import { findWorkflow } from './find-workflow.ts'

/** What `argosy cp` was told. */
export interface CopyFlags extends ArtifactQuery {
  readonly path: string
  readonly dataDir: string
}

interface CopyRequest {
  readonly name: string
  readonly folder: string
  readonly flags: CopyFlags
}

/** Copies each artifact as its store holds it, and says so line by line. */
export async function copyArtifacts(
  remote: Remote,
  { name, folder, flags }: CopyRequest,
  { stdout, stderr }: Pick<Shell, 'stdout' | 'stderr'>,
): Promise<void> {
  const workflow = await findWorkflow(remote, name)
  const read = readerFor(remote, workflow, flags)
  const all = artifactsOf(workflow, flags)
  if (all.length === 0) stderr.write(`argosy: ${workflow.metadata.name} has no such artifacts\n`)
  for (const found of all) {
    const target = join(folder, placeOf(workflow, found, flags.path))
    const away = relative(resolve(folder), resolve(target))
    if (away === '..' || away.startsWith(`..${sep}`)) {
      throw new Error(`--path leads out of ${folder}: ${target}`)
    }
    stdout.write(`Created ${JSON.stringify(await copied(read, found, target))}\n`)
  }
}

/** Makes the file, or the directory, that an artifact is. */
type Read = (found: ArtifactOf, target: string) => Promise<void>

/** Artifacts are read where they are, unless an Argo Server hands them out. */
function readerFor(remote: Remote, { metadata }: Workflow, { dataDir }: CopyFlags): Read {
  const { namespace = '', name = '' } = metadata
  const { argo } = remote
  if (argo) {
    return async ({ node, artifact }, target) => {
      const content = await argo.artifact({ namespace, name }, node.id, artifact.name)
      await pipeline(content, createWriteStream(target))
    }
  }
  const root = layoutOf(resolve(dataDir)).artifacts
  const drivers = allDrivers({ root, client: remote.client })(namespace)
  return async ({ artifact }, target) => {
    const driver = driverOf(drivers, artifact)
    if (await driver.isDirectory(artifact)) await driver.load(artifact, target)
    else await pipeline(await driver.open(artifact), createWriteStream(target))
  }
}

async function copied(read: Read, found: ArtifactOf, folder: string): Promise<string> {
  const { artifact, node } = found
  const target = join(folder, fileName(artifact))
  await mkdir(dirname(target), { recursive: true })
  try {
    await read(found, target)
    return target
  } catch (error) {
    if (!(error instanceof StatusError) || error.reason !== 'NotFound') throw error
    const where = 'on the disk of a server it is in its data directory: --data-dir'
    throw new Error(`artifact ${artifact.name} of node ${node.id} is not there (${where})`, {
      cause: error,
    })
  }
}

/** The last part of its key; of what has none, its name. */
function fileName(artifact: Artifact): string {
  const { s3, oss, gcs, azure, hdfs, artifactory, http, disk } = artifact as Artifact & {
    readonly disk?: { readonly key?: string }
  }
  const keys = [s3?.key, oss?.key, gcs?.key, disk?.key, azure?.blob, hdfs?.path]
  const key = [...keys, artifactory?.url, http?.url].find((one) => typeof one === 'string')
  const name = basename(key ?? '')
  return name === '' || name === '.' || name === '..' ? artifact.name : name
}
