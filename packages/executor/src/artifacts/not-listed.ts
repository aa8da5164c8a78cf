import { StatusError } from '@argosy/kube'
import type { Driver } from './driver.ts'

/** For places that have no directories to look into. */
export function notListed(kind: string): Pick<Driver, 'list' | 'isDirectory'> {
  return {
    async list() {
      throw new StatusError('MethodNotAllowed', `${kind} artifacts cannot be listed`)
    },
    async isDirectory() {
      return false
    },
  }
}
