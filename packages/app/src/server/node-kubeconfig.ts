import { join } from 'node:path'
import { clientCertificate } from '@argosy/cluster/api-server'
import { kubeconfigText, writePrivate } from './kubeconfig.ts'

/** Its name in the data directory of a server without a node. */
export const nodeKubeconfig = 'node.kubeconfig'

interface Place {
  readonly url: string
  /** PEM. */
  readonly ca: string
  /** Of the node. */
  readonly name: string
}

/** What a node of this name needs to join: its rights are a node's, and no more. */
export async function nodeKubeconfigText(
  dataDir: string,
  { url, ca, name }: Place,
): Promise<string> {
  const subject = { file: `node-${name}`, name: `system:node:${name}`, group: 'system:nodes' }
  const certified = await clientCertificate(join(dataDir, 'pki'), subject, Date.now())
  return kubeconfigText({ url, ca }, { name: subject.name, certified })
}

export async function writeNodeKubeconfig(dataDir: string, place: Place): Promise<void> {
  await writePrivate(join(dataDir, nodeKubeconfig), await nodeKubeconfigText(dataDir, place))
}
