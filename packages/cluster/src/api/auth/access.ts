import type { KubeObject } from '@argosy/engine'
import { type Client, type Clock, systemClock } from '@argosy/kube'
import type { Store } from '../../store/store.ts'
import {
  admitClaims,
  guardEphemeral,
  guardQuotas,
  warnOfSecurity,
} from '../admission/namespace-rules.ts'
import { admitNodePorts, reviseNodePorts } from '../admission/node-ports.ts'
import { admitCertificates } from '../certificates/admit-certificates.ts'
import { guardCertificates } from '../certificates/guard-certificates.ts'
import type { Attributes, Authenticate, Authorize, Identity, Verdict } from '../http/identity.ts'
import type { Admit, Guard, PartHandler, PathHandler, Revise } from '../http/world.ts'
import { openWebhooks, type Webhooks } from '../webhooks/webhooks.ts'
import { AccountTokens } from './account-tokens.ts'
import { admitPod } from './admit-pod.ts'
import { administrator, authenticator } from './authenticator.ts'
import { guardNodes, hasPod, nodeNamed } from './guard-nodes.ts'
import { guardRoles } from './guard-roles.ts'
import { issuerPaths } from './issuer-paths.ts'
import { NodeReach } from './node-reach.ts'
import { podTokens, type TokenForPod } from './pod-tokens.ts'
import { Rbac } from './rbac.ts'
import { keepRoles } from './role-keeper.ts'
import { rulesStatus } from './rules-review.ts'
import { SigningKeys } from './signing-keys.ts'
import { answerTokenRequest } from './token-request.ts'
import { guardTokenSecrets, keepTokenSecrets } from './token-secrets.ts'

export interface AccessOptions {
  readonly store: Store
  readonly client: Client
  readonly clock?: Clock
  /** Of one who may do everything. */
  readonly adminToken: string
  /** The authority that the server's clients have to trust; PEM. */
  readonly ca: string
  /** Where the keys are that sign tokens; without it they are forgotten at the end. */
  readonly folder?: string
  /** Whether pods get their tokens mounted; default true. */
  readonly mountsTokens?: boolean
  readonly log?: (line: string) => void
}

/** Who everybody is and what they may do, as one API server and whoever stands beside it ask. */
export interface Access {
  readonly authenticate: Authenticate
  readonly authorize: Authorize
  readonly rulesOf: (identity: Identity, namespace: string) => Promise<unknown>
  readonly guards: readonly Guard[]
  readonly admit: readonly Admit[]
  readonly revise: readonly Revise[]
  readonly webhooks: Webhooks
  readonly parts: ReadonlyMap<string, PartHandler>
  readonly paths: ReadonlyMap<string, PathHandler>
  readonly podToken: TokenForPod
}

/** Rights as Kubernetes has them: by roles and bindings, which are there when this resolves; accounts and their tokens. */
export async function openAccess(options: AccessOptions): Promise<Access> {
  const { store, client, clock = systemClock, ca, log = () => undefined } = options
  const keys = await SigningKeys.open(options.folder)
  const rbac = new Rbac(store)
  const tokens = new AccountTokens({ store, clock, keys })
  const reach = new NodeReach(store)
  await keepRoles({ store, client, log })
  keepTokenSecrets({ store, client, tokens, ca, log })
  return {
    authenticate: authenticator([
      administrator(options.adminToken),
      (token, audiences) => tokens.identityOf(token, audiences),
    ]),
    authorize: async (attributes) =>
      forNodes({ store, reach }, attributes) ?? rbac.decide(attributes),
    rulesOf: async (identity, namespace) => rulesStatus(rbac, identity, namespace),
    guards: [
      guardRoles(rbac),
      guardTokenSecrets,
      guardQuotas(store),
      guardEphemeral(store),
      guardNodes,
      guardCertificates(rbac),
    ],
    admit: [
      podAdmission(admitPod({ store, mountsTokens: options.mountsTokens ?? true })),
      admitClaims(store),
      admitCertificates,
      admitNodePorts(store),
      warnOfSecurity(store),
    ],
    revise: [reviseNodePorts(store)],
    webhooks: openWebhooks(store),
    parts: new Map([
      ['serviceaccounts/token', answerTokenRequest({ store, tokens, now: () => clock.now() })],
    ]),
    paths: issuerPaths(keys),
    podToken: podTokens({ store, tokens }),
  }
}

interface NodeRights {
  readonly store: Store
  readonly reach: NodeReach
}

const named = ['configmaps', 'secrets', 'serviceaccounts']

/** A node deletes only pods that it has, and reads only what those name; undefined when its role decides. */
function forNodes({ store, reach }: NodeRights, asked: Attributes): Verdict | undefined {
  const { identity, verb, group, resource, subresource, namespace = '', name = '' } = asked
  const node = nodeNamed(identity)
  if (node === undefined || group !== '' || subresource !== undefined) return undefined
  if (resource === 'pods' && (verb === 'delete' || verb === 'get')) {
    const pod = store.get({ collection: 'pods', namespace, name })?.value
    if (pod === undefined || hasPod(identity, pod)) return undefined
    return { allowed: false, reason: 'the pod is not on this node' }
  }
  if (!named.includes(resource ?? '') || reach.reaches(node, { namespace, name })) return undefined
  const reason = `no relationship found between node '${node}' and this object`
  return { allowed: false, reason }
}

function podAdmission(admit: (pod: KubeObject) => KubeObject): Admit {
  return async ({ resource }, object) =>
    resource.group === '' && resource.plural === 'pods' ? admit(object) : object
}
