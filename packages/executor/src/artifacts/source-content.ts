import { createReadStream } from 'node:fs'
import { lstat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Artifact } from '@argosy/engine'
import { packTar, packZip } from './archive.ts'
import type { Source } from './driver.ts'
import type { Content } from './object-store.ts'

/** What a save sends as one object: an archive, or the file itself; undefined for a directory that is not archived. */
export async function sourceContent(
  source: Source,
  { archive }: Artifact,
): Promise<Content | undefined> {
  const entry = await lstat(source.path)
  const name = source.name ?? basename(source.path)
  if (archive?.none) return entry.isDirectory() ? undefined : fileContent(source.path, entry.size)
  if (archive?.zip) return { open: () => packZip(source.path, name), size: undefined }
  const level = archive?.tar?.compressionLevel
  return { open: async () => packTar(source.path, name, level), size: undefined }
}

export function fileContent(path: string, size: number): Content {
  return { open: async () => createReadStream(path), size }
}
