/** Why the engine does not run something yet, by where it stands. */
export type Unsupported = Readonly<Record<string, string>>

/** Fields of a workflow's spec. Strike a row when the engine honours the field. */
export const unsupportedInSpec: Unsupported = {
  resourceClaims: 'this machine has no driver that could hand out devices',
}

/** Fields of a template, of a step or task's `inline` and of `templateDefaults`. */
export const unsupportedInTemplate: Unsupported = {
  resourceClaims: 'this machine has no driver that could hand out devices',
}

/** Where an artifact may be; `disk` (ours) and the default repository are always there. */
export const unsupportedLocations: Unsupported = {
  plugin:
    'a plugin is a gRPC server in an image of its own, and nothing here starts one; use a location that is built in',
}

const kerberos = 'this machine proves to nobody by Kerberos who calls; name an hdfsUser'

/** Fields of an artifact in Hadoop's file system. */
export const unsupportedInHdfs: Unsupported = {
  krbCCacheSecret: kerberos,
  krbKeytabSecret: kerberos,
  krbConfigConfigMap: kerberos,
  krbServicePrincipalName: kerberos,
  krbUsername: kerberos,
  krbRealm: kerberos,
}

/** The same for outputs: what can only be read cannot be written. */
export const unsupportedOutputLocations: Unsupported = {
  ...unsupportedLocations,
  git: 'repositories are inputs only',
}

/** Fields of a retryStrategy. */
export const unsupportedInRetry: Unsupported = {}

/** Fields of a mutex or semaphore. */
export const unsupportedInLock: Unsupported = {}
