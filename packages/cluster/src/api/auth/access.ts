import type { Client } from '@argosy/kube'
import type { Store } from '../../store/store.ts'
import type { Authenticate, Authorize, Identity } from '../http/identity.ts'
import type { Guard } from '../http/world.ts'
import { administrator, authenticator } from './authenticator.ts'
import { guardRoles } from './guard-roles.ts'
import { Rbac } from './rbac.ts'
import { keepRoles } from './role-keeper.ts'
import { rulesStatus } from './rules-review.ts'

export interface AccessOptions {
  readonly store: Store
  readonly client: Client
  /** Of one who may do everything. */
  readonly adminToken: string
  readonly log?: (line: string) => void
}

/** Who everybody is and what they may do, as one API server and whoever stands beside it ask. */
export interface Access {
  readonly authenticate: Authenticate
  readonly authorize: Authorize
  readonly rulesOf: (identity: Identity, namespace: string) => Promise<unknown>
  readonly guards: readonly Guard[]
}

/** Rights as Kubernetes has them: by roles and bindings, which are there when this resolves. */
export async function openAccess(options: AccessOptions): Promise<Access> {
  const { store, client, adminToken, log = () => undefined } = options
  const rbac = new Rbac(store)
  await keepRoles({ store, client, log })
  return {
    authenticate: authenticator([administrator(adminToken)]),
    authorize: async (attributes) => rbac.decide(attributes),
    rulesOf: async (identity, namespace) => rulesStatus(rbac, identity, namespace),
    guards: [guardRoles(rbac)],
  }
}
