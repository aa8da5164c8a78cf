import type { Identity } from './identity.ts'

/** A ServiceAccount as the Kubernetes API server knows it. */
export function accountIdentity({
  namespace,
  name,
}: {
  readonly namespace: string
  readonly name: string
}): Identity {
  return {
    user: `system:serviceaccount:${namespace}:${name}`,
    groups: [
      'system:serviceaccounts',
      `system:serviceaccounts:${namespace}`,
      'system:authenticated',
    ],
  }
}
