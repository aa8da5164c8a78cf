import { randomBytes } from 'node:crypto'
import {
  isObject,
  type JsonObject,
  type KubeObject,
  type OwnerReference,
  type Pod,
} from '@argosy/engine'
import { type Client, ignore, resources } from '@argosy/kube'
import { secretsIn } from '../artifacts/secrets.ts'
import { builtInImage } from '../built-in.ts'
import { type PluginToken, pluginTokens } from './plugin-token.ts'
import type { Plugin } from './plugins.ts'

const prefix = 'workflows.argoproj.io'

/** Where the servers of a workflow's plugins run. */
export interface Agent {
  readonly workflow: KubeObject
  readonly owner: OwnerReference
  readonly plugins: readonly Plugin[]
}

/** Sees that the workflow's agent pod is there, with a token for each plugin; whoever comes first makes both. */
export async function ensureAgent(
  agent: Agent,
  client: Client,
): Promise<ReadonlyMap<string, string>> {
  const { namespace = 'default' } = agent.workflow.metadata
  const name = agentName(agent)
  const access = await pluginTokens(agent.plugins, namespace, client)
  await client.create(resources.secrets, tokensOf(agent)).catch(ignore('AlreadyExists'))
  await client.create(resources.pods, agentPod(agent, access)).catch(ignore('AlreadyExists'))
  const secrets = secretsIn(client, namespace)
  const tokens = agent.plugins.map(async (plugin) => {
    const token = await secrets(name, plugin.name)
    return [plugin.name, token?.toString('utf8') ?? ''] as const
  })
  return new Map(await Promise.all(tokens))
}

/** argo: getAgentPodName; the number is the hash of "agent". */
function agentName({ workflow }: Agent): string {
  return `${workflow.metadata.name}-1340600742-agent`
}

function metadataOf(agent: Agent) {
  const { name = '', namespace = 'default' } = agent.workflow.metadata
  return {
    name: agentName(agent),
    namespace,
    labels: {
      [`${prefix}/workflow`]: name,
      [`${prefix}/completed`]: 'false',
      [`${prefix}/component`]: 'agent',
    },
    ownerReferences: [agent.owner],
  }
}

function tokensOf(agent: Agent): KubeObject {
  const tokens = agent.plugins.map(({ name }) => [
    name,
    Buffer.from(randomBytes(24).toString('base64url')).toString('base64'),
  ])
  const data = Object.fromEntries(tokens) as Record<string, string>
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: metadataOf(agent), data }
  return secret
}

function agentPod(agent: Agent, access: ReadonlyMap<string, PluginToken>): Pod {
  const { plugins } = agent
  const serviceAccountName = accountOf(agent)
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadataOf(agent),
    spec: {
      // A server that is told to end would be started again by any other policy.
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 2,
      ...(serviceAccountName !== undefined && { serviceAccountName }),
      // The servers of plugins are strangers: those that may speak to the API have an account of their own.
      automountServiceAccountToken: false,
      containers: [
        ...plugins.map(({ name, container }) => ({
          ...container,
          volumeMounts: [
            ...(container.volumeMounts ?? []),
            { name: `token-${name}`, mountPath: '/var/run/argo', readOnly: true },
            ...[access.get(name)].flatMap((token) => token?.mount ?? []),
          ],
        })),
        { name: 'main', image: builtInImage, args: ['agent'] },
      ],
      volumes: [
        ...plugins.map(({ name }) => ({
          name: `token-${name}`,
          secret: { secretName: agentName(agent), items: [{ key: name, path: 'token' }] },
        })),
        ...[...access.values()].map(({ volume }) => volume),
      ],
    },
  }
}

function accountOf({ workflow }: Agent): string | undefined {
  const { spec, status } = workflow as unknown as JsonObject
  const stored = isObject(status) ? status['storedWorkflowTemplateSpec'] : undefined
  for (const place of [spec, stored]) {
    const name = isObject(place) ? place['serviceAccountName'] : undefined
    if (typeof name === 'string' && name !== '') return name
  }
  return undefined
}
