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
  gcs: 'there is no client for its own protocol yet; an s3 artifact can speak to its S3 interface',
  hdfs: 'there is no client for its protocol here; an http artifact can speak to WebHDFS',
  plugin: 'artifact plugins do not work yet',
}

/** The same for outputs: what can only be read cannot be written. */
export const unsupportedOutputLocations: Unsupported = {
  ...unsupportedLocations,
  git: 'repositories are inputs only',
}

/** Fields of a retryStrategy. */
export const unsupportedInRetry: Unsupported = {}

/** Fields of a mutex or semaphore. */
export const unsupportedInLock: Unsupported = {
  database: 'locks are not shared through a database yet, only between the workflows of one engine',
}
