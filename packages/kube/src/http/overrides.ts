import type { Entry, Fields } from './access-of.ts'

/** What is said beside a kubeconfig, and goes before it; fields as the kubeconfig calls them, paths from here. */
export interface Overrides {
  /** The names of a cluster and a user of the kubeconfig, instead of the context's. */
  readonly clusterName?: string
  readonly userName?: string
  readonly cluster?: Fields
  readonly user?: Fields
}

/** What no longer holds when something else is said. */
const replaced: Readonly<Record<string, readonly string[]>> = {
  server: ['tls-server-name', 'extensions'],
  'certificate-authority': ['certificate-authority-data', 'extensions'],
  'tls-server-name': ['extensions'],
  'insecure-skip-tls-verify': [
    ...['certificate-authority', 'certificate-authority-data', 'extensions'],
  ],
  'client-certificate': ['client-certificate-data'],
  'client-key': ['client-key-data'],
  token: ['tokenFile'],
  username: ['token', 'tokenFile'],
}

/** An entry of a kubeconfig, changed; what is left of nothing is what is said. */
export function overridden(entry: Entry | undefined, fields: Fields = {}): Entry {
  const gone = new Set(Object.keys(fields).flatMap((name) => replaced[name] ?? []))
  const kept = Object.entries(entry?.fields ?? {}).filter(([name]) => !gone.has(name))
  return { fields: { ...Object.fromEntries(kept), ...fields }, folder: entry?.folder ?? '' }
}
