import type { Artifact, ArtifactLocation } from '@argosy/engine'
import { type Client, type FindHost, findHost, lookupThrough, StatusError } from '@argosy/kube'
import { azureDriver } from './azure.ts'
import { diskDriver } from './disk.ts'
import type { Driver } from './driver.ts'
import { gcsDriver } from './gcs.ts'
import { gitDriver } from './git.ts'
import { hdfsDriver } from './hdfs.ts'
import { artifactoryDriver, httpDriver } from './http.ts'
import type { Reach } from './http-auth.ts'
import { locationKind } from './location.ts'
import { ossDriver } from './oss.ts'
import { rawDriver } from './raw.ts'
import { s3Driver } from './s3.ts'
import { secretsIn } from './secrets.ts'

/** One driver for each kind of location that this installation can reach. */
export type Drivers = Readonly<Partial<Record<keyof ArtifactLocation, Driver>>>

/** All drivers, for the artifacts of one namespace: its Secrets are theirs, and names of services mean those that its pods mean. `root` is where disk artifacts are kept. */
export function allDrivers({
  root,
  client,
}: {
  readonly root: string
  readonly client: Client
}): DriversFor {
  const known = new Map<string, Drivers>()
  return (namespace) => {
    const drivers = known.get(namespace) ?? driversOf(root, reachIn(client, namespace))
    known.set(namespace, drivers)
    return drivers
  }
}

/** The drivers that the pods of a namespace use. */
export type DriversFor = (namespace: string) => Drivers

interface Known extends Required<Reach> {
  readonly find: FindHost
}

function reachIn(client: Client, namespace: string): Known {
  const find = findHost(client, namespace)
  return { secrets: secretsIn(client, namespace), find, lookup: lookupThrough(find) }
}

function driversOf(root: string, reach: Known): Drivers {
  return {
    disk: diskDriver(root),
    raw: rawDriver,
    http: httpDriver(reach),
    artifactory: artifactoryDriver(reach),
    git: gitDriver(reach.secrets, reach.find),
    s3: s3Driver(reach),
    oss: ossDriver(reach),
    azure: azureDriver(reach),
    gcs: gcsDriver(reach),
    hdfs: hdfsDriver({ lookup: reach.lookup }),
  }
}

/** The drivers that need nothing installed; `root` is where disk artifacts are kept. */
export function localDrivers(root: string): Drivers {
  const secrets = async () => undefined
  return { disk: diskDriver(root), raw: rawDriver, http: httpDriver({ secrets }) }
}

/** The driver of an artifact's location; throws `BadRequest` in upstream's words when there is none. */
export function driverOf(drivers: Drivers, artifact: Artifact): Driver {
  const kind = locationKind(artifact)
  const driver = kind && drivers[kind]
  if (driver) return driver
  const hint = kind ? `: no ${kind} driver here (there are ${Object.keys(drivers).join(', ')})` : ''
  throw new StatusError('BadRequest', `Unsupported artifact driver for ${artifact.name}${hint}`)
}
