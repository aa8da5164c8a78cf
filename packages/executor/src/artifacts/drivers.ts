import type { Artifact, ArtifactLocation } from '@argosy/engine'
import { StatusError } from '@argosy/kube'
import { diskDriver } from './disk.ts'
import type { Driver } from './driver.ts'
import { httpDriver } from './http.ts'
import { locationKind } from './location.ts'
import { rawDriver } from './raw.ts'

/** One driver for each kind of location that this installation can reach. */
export type Drivers = Readonly<Partial<Record<keyof ArtifactLocation, Driver>>>

/** The drivers that need nothing installed; `root` is where disk artifacts are kept. */
export function localDrivers(root: string): Drivers {
  return { disk: diskDriver(root), raw: rawDriver, http: httpDriver() }
}

/** The driver of an artifact's location; throws `BadRequest` in upstream's words when there is none. */
export function driverOf(drivers: Drivers, artifact: Artifact): Driver {
  const kind = locationKind(artifact)
  const driver = kind && drivers[kind]
  if (driver) return driver
  const hint = kind ? `: no ${kind} driver here (there are ${Object.keys(drivers).join(', ')})` : ''
  throw new StatusError('BadRequest', `Unsupported artifact driver for ${artifact.name}${hint}`)
}
