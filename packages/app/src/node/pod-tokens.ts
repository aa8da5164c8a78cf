import type { ApiDoor } from '@argosy/cluster'
import type { Connection } from '@argosy/kube/remote'

interface TokenAnswer {
  readonly status: { readonly token: string }
}

/** Asks the server for tokens of the ServiceAccounts of pods that this node runs. */
export function podTokens(connection: Connection): ApiDoor['token'] {
  return async (pod, { audience, seconds }) => {
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
    return (await connection.ask<TokenAnswer>(path, { method: 'POST', body })).status.token
  }
}
