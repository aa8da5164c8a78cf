import { lstatSync } from 'node:fs'
import { type Fields, fieldsOf, textOf } from './access-of.ts'

/** The extension of a kubeconfig's cluster that names a socket of the machine on which its server runs. */
export const socketExtension = 'argosy.dev/socket'

/**
 * The socket behind which a cluster of a kubeconfig answers on this machine. Undefined when none is named, when it is not
 * there, and when it is another user's, who could be told tokens: the administrator's is anybody's.
 */
export function localSocket(cluster: Fields): string | undefined {
  const extensions = cluster['extensions']
  const listed = Array.isArray(extensions) ? extensions.map(fieldsOf) : []
  const ours = listed.find((one) => one?.['name'] === socketExtension)
  const path = textOf(fieldsOf(ours?.['extension'])?.['path'])
  return path !== undefined && isOwnSocket(path) ? path : undefined
}

function isOwnSocket(path: string): boolean {
  try {
    const stats = lstatSync(path)
    return stats.isSocket() && [0, process.getuid?.()].includes(stats.uid)
  } catch {
    return false
  }
}
