import { isOfInstance } from '@argosy/kube'
import type { Archive } from './archive.ts'

/** Of an archive only the runs of one controller, '' being the one without an id. argo: instanceid in argo_archived_workflows. */
export function instanceArchive(archive: Archive, instance: string): Archive {
  return {
    put: (workflows) => archive.put(workflows),
    markDeleted: (uids) => archive.markDeleted(uids),
    notDeleted: () => archive.notDeleted(instance),
    async get(key) {
      const found = await archive.get(key)
      return found && isOfInstance(found, instance) ? found : undefined
    },
    list: (wanted) => archive.list({ ...wanted, instance }),
    count: (wanted) => archive.count({ ...wanted, instance }),
    phases: (wanted) => archive.phases({ ...wanted, instance }),
    labelKeys: (namespace) => archive.labelKeys(namespace),
    labelValues: (key, namespace) => archive.labelValues(key, namespace),
    remove: (uid) => archive.remove(uid),
    forget: (endedBefore) => archive.forget(endedBefore),
    [Symbol.asyncDispose]: () => archive[Symbol.asyncDispose](),
  }
}
