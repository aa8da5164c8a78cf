import type { ApiDoor } from '@argosy/cluster'
import type { Pod } from '@argosy/engine'
import { type Client, patientClient } from '@argosy/kube'
import { Connection, httpClient } from '@argosy/kube/remote'
import type { NodeWorld } from './run-node.ts'

interface TokenAnswer {
  readonly status: { readonly token: string }
}

const programSeconds = 3600

/** The ServiceAccounts of pods on a node of its own: their tokens, and clients that speak as them. */
export function podAccounts({ connection, patience, clock }: NodeWorld): {
  readonly door: ApiDoor
  readonly clientFor: (pod: Pod) => Client
} {
  const token: ApiDoor['token'] = async (pod, { audience, seconds }) => {
    const { namespace = 'default', name, uid } = pod.metadata
    const account = encodeURIComponent(String(pod.spec['serviceAccountName'] || 'default'))
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/serviceaccounts/${account}/token`
    const body = {
      ...{ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest' },
      spec: {
        audiences: audience ? [audience] : [],
        expirationSeconds: seconds,
        boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid },
      },
    }
    const ask = () => connection.ask<TokenAnswer>(path, { method: 'POST', body })
    return (await patience.until(ask, undefined)).status.token
  }
  const clientFor = (pod: Pod): Client => {
    let known: { readonly text: string; readonly until: number } | undefined
    const authorization = async () => {
      if (!known || known.until <= clock.now()) {
        const text = `Bearer ${await token(pod, { seconds: programSeconds })}`
        known = { text, until: clock.now() + programSeconds * 800 }
      }
      return known.text
    }
    const { cert: _cert, key: _key, ...access } = connection.access
    const client = httpClient(new Connection({ ...access, authorization }))
    // Whether what was created in vain is there all the same only the program can judge.
    const create: Client['create'] = (...args) => client.create(...args)
    return { ...patientClient(client, patience), create }
  }
  return { door: { env: apiEnvironment(connection.access.server), token }, clientFor }
}

function apiEnvironment(server: string): Readonly<Record<string, string>> {
  const { hostname, port } = new URL(server)
  return {
    KUBERNETES_SERVICE_HOST: hostname.replace(/^\[|\]$/g, ''),
    KUBERNETES_SERVICE_PORT: port || '443',
    KUBERNETES_SERVICE_PORT_HTTPS: port || '443',
  }
}
