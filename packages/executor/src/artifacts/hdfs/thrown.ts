import type { StatusReason } from '@argosy/kube'
import type { Thrown } from './rpc.ts'

/** What a name node threw, for those who go by its class. */
export class HadoopError extends Error {
  readonly exception: string

  constructor({ exception, message }: Thrown) {
    super(`${exception}: ${message}`)
    this.name = 'HadoopError'
    this.exception = exception
  }
}

const reasons: Readonly<Record<string, StatusReason>> = {
  'java.io.FileNotFoundException': 'NotFound',
  'org.apache.hadoop.security.AccessControlException': 'Forbidden',
  'org.apache.hadoop.security.authorize.AuthorizationException': 'Forbidden',
  'org.apache.hadoop.hdfs.protocol.NSQuotaExceededException': 'Forbidden',
  'org.apache.hadoop.hdfs.protocol.DSQuotaExceededException': 'Forbidden',
  'org.apache.hadoop.fs.FileAlreadyExistsException': 'AlreadyExists',
  'org.apache.hadoop.hdfs.protocol.AlreadyBeingCreatedException': 'Conflict',
  'org.apache.hadoop.fs.ParentNotDirectoryException': 'Conflict',
  'org.apache.hadoop.hdfs.server.namenode.SafeModeException': 'ServiceUnavailable',
  'org.apache.hadoop.fs.InvalidPathException': 'Invalid',
}

/** What a refusal is called here. */
export function reasonOf({ exception }: Thrown): StatusReason {
  return reasons[exception] ?? 'InternalError'
}

const elsewhere = new Set([
  'org.apache.hadoop.ipc.StandbyException',
  'org.apache.hadoop.ipc.RetriableException',
  'org.apache.hadoop.ipc.ObserverRetryOnActiveException',
])

/** Whether another name node is the one to ask. */
export function isElsewhere({ exception }: Thrown): boolean {
  return elsewhere.has(exception)
}

/** Whether a refusal is a name node's, by the name of its class without the package. */
export function isThrown(error: unknown, name: string): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof HadoopError && cause.exception.endsWith(`.${name}`)
}
