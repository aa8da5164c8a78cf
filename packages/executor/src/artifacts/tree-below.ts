import { readdir, realpath } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { StatusError } from '@argosy/kube'
import { isWithin } from './tree.ts'

/** What is in a directory, by paths below it. */
export interface TreeBelow {
  readonly files: readonly string[]
  readonly directories: readonly string[]
}

/** For stores that have no links: one must lead to something below `root`, which is saved under its own name. */
export async function treeBelow(root: string): Promise<TreeBelow> {
  const top = await realpath(root)
  const [files, directories]: [string[], string[]] = [[], []]
  for (const entry of await readdir(root, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name)
    const name = relative(root, path)
    if (entry.isFile()) files.push(name)
    else if (entry.isDirectory()) directories.push(name)
    else if (entry.isSymbolicLink()) await refuseLink(top, path, name)
  }
  return { files, directories }
}

/** A link inside the tree leads to what is saved anyway; one that leads out would save somebody else's file. */
async function refuseLink(top: string, path: string, name: string): Promise<void> {
  const goal = await realpath(path).catch(() => undefined)
  if (goal !== undefined && isWithin(top, goal)) return
  throw new StatusError('Invalid', `illegal symlink target: ${name} leads out of the artifact`)
}
