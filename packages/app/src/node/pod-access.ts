import type { ApiDoor, ClientFor } from '@argosy/cluster'
import type { Pod } from '@argosy/engine'
import { type Client, type Clock, Patience, patientClient, StatusError } from '@argosy/kube'
import { type Connection, httpClient } from '@argosy/kube/remote'

/** What pods have of the API: where it is, tokens of their ServiceAccounts, and clients that speak as those. */
export interface PodAccess {
  readonly door: ApiDoor
  readonly clientFor: ClientFor
}

interface PodAccessOptions {
  /** To the API; what it shows of itself besides is not shown for pods. */
  readonly connection: Connection
  readonly token: ApiDoor['token']
  readonly clock: Clock
}

const programSeconds = 3600
/** The part of a token's life after which the next one is asked for. */
const freshPart = 0.8

/** Programs of our own in pods may do what their pod's ServiceAccount may, as any other client of the API. */
export function podAccess({ connection, token, clock }: PodAccessOptions): PodAccess {
  return {
    door: { env: apiEnvironment(connection.access.server), token },
    clientFor(pod, _program, signal) {
      let known: { readonly text: string; readonly until: number } | undefined
      const authorization = async () => {
        if (!known || known.until <= clock.now()) {
          const text = `Bearer ${await tokenOf(pod, token)}`
          known = { text, until: clock.now() + programSeconds * 1000 * freshPart }
        }
        return known.text
      }
      const client = httpClient(connection.as(authorization))
      // A server that stops, or is away, is no failure of the step.
      const patient = patientClient(client, new Patience({ clock, signal }))
      // Whether what was created in vain is there all the same only the program can judge.
      const create: Client['create'] = (...args) => client.create(...args)
      return { ...patient, create }
    },
  }
}

/** An account that is gone is nobody; `NotFound` would be read as the answer to what is asked with the token. */
async function tokenOf(pod: Pod, token: ApiDoor['token']): Promise<string> {
  try {
    return await token(pod, { seconds: programSeconds })
  } catch (error) {
    if (!(error instanceof StatusError) || error.reason !== 'NotFound') throw error
    throw new StatusError('Unauthorized', error.message, { cause: error })
  }
}

/** Where the API is, as every container of a Kubernetes is told. */
function apiEnvironment(server: string): Readonly<Record<string, string>> {
  const { hostname, port } = new URL(server)
  return {
    KUBERNETES_SERVICE_HOST: hostname.replace(/^\[|\]$/g, ''),
    KUBERNETES_SERVICE_PORT: port || '443',
    KUBERNETES_SERVICE_PORT_HTTPS: port || '443',
  }
}
