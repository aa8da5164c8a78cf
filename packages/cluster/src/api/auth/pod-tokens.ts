import type { Pod } from '@argosy/engine'
import { StatusError } from '@argosy/kube'
import type { Store } from '../../store/store.ts'
import type { Bound } from './account-claims.ts'
import type { AccountTokens } from './account-tokens.ts'

/** A token of a pod's ServiceAccount that ends with the pod. */
export type TokenForPod = (
  pod: Pod,
  wish: { readonly audience?: string; readonly seconds: number },
) => Promise<string>

/** What a node mounts into pods. Throws `NotFound` when the account is gone. */
export function podTokens({
  store,
  tokens,
}: {
  readonly store: Pick<Store, 'get'>
  readonly tokens: AccountTokens
}): TokenForPod {
  return async (pod, { audience, seconds }) => {
    const { namespace = '', name: podName = '', uid: podUid = '' } = pod.metadata
    const name = pod.spec.serviceAccountName || 'default'
    const uid = store.get({ collection: 'serviceaccounts', namespace, name })?.metadata.uid
    if (uid === undefined) {
      throw new StatusError('NotFound', `serviceaccounts ${JSON.stringify(name)} not found`)
    }
    const bound: Bound[] = [{ kind: 'Pod', name: podName, uid: podUid }]
    const audiences = audience ? [audience] : []
    const issued = await tokens.issue({
      account: { namespace, name, uid },
      audiences,
      seconds,
      bound,
    })
    return issued.token
  }
}
