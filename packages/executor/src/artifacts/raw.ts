import { writeFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { Artifact } from '@argosy/engine'
import { StatusError } from '@argosy/kube'
import { unpack } from './archive.ts'
import type { Driver } from './driver.ts'
import { notListed } from './not-listed.ts'

/** Artifacts written in the manifest itself: input only. */
export const rawDriver: Driver = {
  async load(artifact, target) {
    const file = `${target}.tmp`
    await writeFile(file, dataOf(artifact))
    await unpack(file, target, artifact.archive)
  },
  async save() {
    throw new StatusError('MethodNotAllowed', 'Raw output artifacts unsupported')
  },
  async open(artifact) {
    return Readable.from(Buffer.from(dataOf(artifact)))
  },
  async remove() {
    throw new StatusError('MethodNotAllowed', 'raw artifacts cannot be deleted')
  },
  ...notListed('raw'),
}

function dataOf(artifact: Artifact): string {
  return artifact.raw?.data ?? ''
}
