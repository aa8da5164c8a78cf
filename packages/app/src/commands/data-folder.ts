import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import { InvalidArgumentError } from 'commander'

/** Where a server keeps things when nobody says otherwise: in the home folder, also where no HOME says which that is. */
export function defaultDataDir(): string {
  return join(homeFolder(), '.argosy')
}

function homeFolder(): string {
  try {
    return homedir() || userInfo().homedir
  } catch {
    // A user whom the machine does not know, as in a container with a number for a user.
    return '.'
  }
}

/** The argument of a flag that is a folder. Of an unset variable nothing is left, and that is not the folder one is in. */
export function folder(text: string): string {
  if (text !== '') return text
  throw new InvalidArgumentError('expected a folder')
}
