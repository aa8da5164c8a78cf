import type { LookupFunction } from 'node:net'
import type { Artifact } from '@argosy/engine'
import { unpack } from './archive.ts'
import type { Driver } from './driver.ts'
import type { ArtifactFiles } from './hdfs/artifact-files.ts'
import { hdfsPath, hdfsPlace } from './hdfs/hdfs-place.ts'
import { objectOf } from './settings.ts'
import { sourceContent } from './source-content.ts'

/** How long a name node or a data node may say nothing, and how long a fail-over may take. */
const defaults = { timeoutMs: 60_000, pausesMs: [500, 1000, 2000, 4000, 8000] }

type Settings = typeof defaults & { readonly lookup: LookupFunction }

/**
 * Artifacts in Hadoop's file system, by its own protocols.
 *
 * 1. A save writes beside the path and then renames: nobody sees half of it.
 * 2. A directory without an archive is a directory there, of files and directories; HDFS has no links.
 * 3. Without `force` nothing that is there is replaced.
 */
export function hdfsDriver(patience: Partial<Settings> = {}): Driver {
  const opened = async ({ hdfs }: Artifact, signal: AbortSignal | undefined) => {
    const place = objectOf(hdfs)
    const [{ nodes, force }, path] = [hdfsPlace(place), hdfsPath(place)]
    const { ArtifactFiles } = await import('./hdfs/artifact-files.ts')
    return { files: new ArtifactFiles(nodes, { ...defaults, ...patience, signal }), path, force }
  }
  const within = async <T>(
    artifact: Artifact,
    signal: AbortSignal | undefined,
    work: (files: ArtifactFiles, path: string, force: boolean) => Promise<T>,
  ): Promise<T> => {
    const { files, path, force } = await opened(artifact, signal)
    try {
      return await work(files, path, force)
    } finally {
      files.close()
    }
  }
  return {
    load: (artifact, target, signal) =>
      within(artifact, signal, async (files, path) => {
        const file = `${target}.tmp`
        const kind = await files.load(path, { file, directory: target })
        if (kind !== 'directory') await unpack(file, target, artifact.archive)
      }),
    save: (source, artifact, signal) =>
      within(artifact, signal, async (files, path, force) => {
        const content = (await sourceContent(source, artifact)) ?? source.path
        await files.save(content, path, { force })
      }),
    async open(artifact, signal) {
      const { files, path } = await opened(artifact, signal)
      return files.open(path).catch((error) => {
        files.close()
        throw error
      })
    },
    remove: (artifact, signal) => within(artifact, signal, (files, path) => files.remove(path)),
    list: (artifact, signal) => within(artifact, signal, (files, path) => files.list(path)),
    isDirectory: (artifact, signal) =>
      within(artifact, signal, (files, path) => files.isDirectory(path)),
  }
}
