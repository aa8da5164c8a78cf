import type { ImageSpec } from '../../runtime.ts'

/** A container of an image for tests, of which nothing is said but what it runs. */
export const plainImage: ImageSpec = {
  network: { kind: 'own', hosts: [] },
  labels: {},
  isProcess1: false,
  groups: [],
  readOnlyRoot: false,
  privileged: false,
  mayGainPrivileges: true,
  addCapabilities: [],
  dropCapabilities: [],
  unconfined: [],
  sharesProcesses: false,
  sharesIpc: false,
}
