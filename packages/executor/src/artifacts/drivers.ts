import type { Artifact, ArtifactLocation } from '@argosy/engine'
import { type Client, StatusError } from '@argosy/kube'
import { azureDriver } from './azure.ts'
import { diskDriver } from './disk.ts'
import type { Driver } from './driver.ts'
import { gcsDriver } from './gcs.ts'
import { gitDriver } from './git.ts'
import { hdfsDriver } from './hdfs.ts'
import { artifactoryDriver, httpDriver } from './http.ts'
import { locationKind } from './location.ts'
import { ossDriver } from './oss.ts'
import { rawDriver } from './raw.ts'
import { s3Driver } from './s3.ts'
import { type Secrets, secretsIn } from './secrets.ts'

/** One driver for each kind of location that this installation can reach. */
export type Drivers = Readonly<Partial<Record<keyof ArtifactLocation, Driver>>>

/** All drivers, for the artifacts of one namespace: its Secrets are theirs. `root` is where disk artifacts are kept. */
export function allDrivers({
  root,
  client,
}: {
  readonly root: string
  readonly client: Client
}): DriversFor {
  const known = new Map<string, Drivers>()
  return (namespace) => {
    const drivers = known.get(namespace) ?? driversOf(root, secretsIn(client, namespace))
    known.set(namespace, drivers)
    return drivers
  }
}

/** The drivers that the pods of a namespace use. */
export type DriversFor = (namespace: string) => Drivers

function driversOf(root: string, secrets: Secrets): Drivers {
  return {
    disk: diskDriver(root),
    raw: rawDriver,
    http: httpDriver(secrets),
    artifactory: artifactoryDriver(secrets),
    git: gitDriver(secrets),
    s3: s3Driver(secrets),
    oss: ossDriver(secrets),
    azure: azureDriver(secrets),
    gcs: gcsDriver(secrets),
    hdfs: hdfsDriver(),
  }
}

/** The drivers that need nothing installed; `root` is where disk artifacts are kept. */
export function localDrivers(root: string): Drivers {
  const noSecrets: Secrets = async () => undefined
  return { disk: diskDriver(root), raw: rawDriver, http: httpDriver(noSecrets) }
}

/** The driver of an artifact's location; throws `BadRequest` in upstream's words when there is none. */
export function driverOf(drivers: Drivers, artifact: Artifact): Driver {
  const kind = locationKind(artifact)
  const driver = kind && drivers[kind]
  if (driver) return driver
  const hint = kind ? `: no ${kind} driver here (there are ${Object.keys(drivers).join(', ')})` : ''
  throw new StatusError('BadRequest', `Unsupported artifact driver for ${artifact.name}${hint}`)
}
