import { objectKey, resources } from '@argosy/kube'
import {
  type Beside,
  type Decided,
  type KeeperOptions,
  type Reader,
  startKeeper,
} from '@argosy/kube/workload'
import { claimedPorts, isInTheWay } from './claimed-ports.ts'
import { type Aim, DoorKeeper, type Opener } from './door-keeper.ts'
import { type DoorState, portEffects } from './port-effects.ts'
import {
  type PortedEndpoints,
  type PortedService,
  type PortedSlice,
  serviceTargets,
} from './service-targets.ts'
import { type DoorPlaces, needsOwnDoors, wantedDoors } from './wanted-doors.ts'

export interface ServicePortsOptions extends KeeperOptions, DoorPlaces {
  readonly opener?: Opener
}

/** A pod that is ready listens soon, if it does not yet. */
const waitMs = 500
/** Another program may leave a port to us. */
const retryMs = 15_000

/**
 * Passes on to pods what comes to the ports of Services: node ports, balancers, and ports that are others than the pods'.
 * What a cluster leaves to its kernels is done by this process here, one connection after the other.
 */
export function startServicePorts(options: ServicePortsOptions): AsyncDisposable {
  const doors = new DoorKeeper(options.opener)
  const keeper = startKeeper<PortedService>(
    {
      component: 'service-proxy',
      resource: resources.services,
      with: [
        { resource: resources.services, keys: inTheWayOf },
        {
          resource: resources.endpoints,
          keys: ({ metadata }) => [objectKey(metadata.namespace, metadata.name ?? '')],
        },
        {
          resource: resources.endpointSlices,
          keys: ({ metadata }) => [
            objectKey(metadata.namespace, metadata.labels?.[serviceKey] ?? ''),
          ],
        },
      ],
      decide: (service, reader) => look(service, reader, { doors, places: options }),
      gone: async ({ namespace, name }) => {
        await doors.keep(objectKey(namespace, name), [], nobody)
        return undefined
      },
    },
    options,
  )
  return {
    async [Symbol.asyncDispose]() {
      await keeper[Symbol.asyncDispose]()
      doors.end()
    },
  }
}

const nobody: Aim = { targets: new Map(), isSticky: false, claimed: new Set() }

/** Services whose doors a new one wants gone, or no longer minds. */
const inTheWayOf: NonNullable<Beside['keys']> = (object, kept) => {
  const claimed = new Set(claimedPorts(object))
  return [...kept()]
    .filter((one) => isInTheWay(one.object, claimed))
    .map(({ namespace, name }) => objectKey(namespace, name))
}

const serviceKey = 'kubernetes.io/service-name'

interface Means {
  readonly doors: DoorKeeper
  readonly places: DoorPlaces
}

async function look(
  service: PortedService,
  reader: Reader,
  { doors, places }: Means,
): Promise<Decided> {
  const { namespace = '', name = '' } = service.metadata
  const ref = { resource: resources.endpoints, namespace, name }
  const endpoints = await reader.client.get<PortedEndpoints>(ref, reader.signal)
  const slices = await reader.all<PortedSlice>({
    ...{ resource: resources.endpointSlices, namespace },
    labelSelector: `${serviceKey}=${name}`,
  })
  const targets = serviceTargets(endpoints ? [endpoints] : [], slices)
  const isSticky = service.spec?.sessionAffinity === 'ClientIP'
  const wanted = wantedDoors(service, targets, places)
  const all = await reader.all<PortedService>({ resource: resources.services })
  const claimed = new Set(all.flatMap(claimedPorts))
  const aim = { targets, isSticky, claimed }
  const states = await doors.keep(objectKey(namespace, name), wanted, aim)
  const needsOwn = needsOwnDoors(service.spec ?? {}, targets)
  const { now } = reader
  return { effects: portEffects(service, { states, needsOwn, now }), wakeAt: wakeAt(states, now) }
}

function wakeAt(states: readonly DoorState[], now: number): number | undefined {
  if (states.some(({ is }) => is === 'waiting')) return now + waitMs
  // What the pods answer at themselves they may leave.
  return states.some(({ is }) => is !== 'open') ? now + retryMs : undefined
}
