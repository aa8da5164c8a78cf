import { codeIs } from './code-is.ts'

/** True for errors of a machine that lacks what it may have again in a moment: room on a disk, descriptors, memory. */
export function isShortage(error: unknown): error is Error {
  return codeIs(error, 'ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN')
}
