import { fileURLToPath } from 'node:url'

const path = fileURLToPath(new URL('../../node_modules', import.meta.url))
const name = 'node-modules'

/** For a pod whose program is the Node of these tests, or a package beside it: they may lie where a step has files of its own. */
export const ourNode = {
  volumes: [{ name, hostPath: { path } }],
  volumeMounts: [{ name, mountPath: path, readOnly: true }],
}
