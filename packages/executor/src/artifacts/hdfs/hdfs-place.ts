import { type JsonObject, unsupportedInHdfs } from '@argosy/engine'
import { StatusError } from '@argosy/kube'
import { isOn, neededText, refuseFields, textOf } from '../settings.ts'
import type { NameNodes } from './name-node.ts'
import type { Address } from './wire.ts'

/** An `hdfs` location as it was understood. */
export interface HdfsPlace {
  readonly nodes: NameNodes
  /** What is there already may go. */
  readonly force: boolean
}

/** Where an `hdfs` location leads, but for its path. Throws for what is missing or not supported. */
export function hdfsPlace(place: JsonObject): HdfsPlace {
  refuseFields(place, 'hdfs', unsupportedInHdfs)
  const { addresses = [] } = place
  if (!Array.isArray(addresses) || addresses.length === 0) {
    throw new StatusError('Invalid', 'hdfs.addresses is missing')
  }
  const user = textOf(place, 'hdfsUser')
  if (user === undefined) throw new StatusError('Invalid', 'hdfs.hdfsUser is missing')
  return {
    nodes: {
      addresses: addresses.map((one) => addressIn(String(one))),
      user,
      protection: protectionIn(place),
    },
    force: isOn(place, 'force'),
  }
}

const protections = ['authentication', 'integrity', 'privacy']

function protectionIn(place: JsonObject): string | undefined {
  const protection = textOf(place, 'dataTransferProtection')
  if (protection === undefined || protections.includes(protection)) return protection
  const words = `hdfs.dataTransferProtection: expected ${protections.join(', ')}, not ${protection}`
  throw new StatusError('Invalid', words)
}

/** Hadoop's own, where an address has none. */
const defaultPort = 8020

function addressIn(text: string): Address {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:/\s]+))(?::(\d+))?$/.exec(text) ?? []
  const host = bracketed ?? plain
  const number = port === undefined ? defaultPort : Number(port)
  if (host !== undefined && number > 0 && number < 2 ** 16) return { host, port: number }
  throw new StatusError('Invalid', `hdfs.addresses: expected host:port, not "${text}"`)
}

/** The path of an artifact, cleaned. Throws for one that is not absolute. */
export function hdfsPath(place: JsonObject): string {
  const path = neededText(place, 'path', 'hdfs')
  if (!path.startsWith('/')) {
    throw new StatusError(
      'Invalid',
      `hdfs.path must be a absolute file path, not ${path} (in a repository: hdfs.pathFormat)`,
    )
  }
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.includes('..')) throw new StatusError('Invalid', `hdfs.path has "..": ${path}`)
  if (parts.length > 0) return `/${parts.join('/')}`
  throw new StatusError('Invalid', 'hdfs.path is the root of the file system')
}
