import { readFileSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { decodeText } from './decode-text.ts'
import { mentionsArgo } from './mentions-argo.ts'
import { unread } from './unread.ts'

/** The text of a file. Throws why it cannot be read; who calls says which file. */
export async function readText(path: string): Promise<string> {
  return decodeText(await readBytes(path))
}

/** The same of a file among others in a folder: what has nothing of Argo's in it need be no text. */
export async function readTextAmongOthers(path: string): Promise<string> {
  const bytes = await readBytes(path)
  return mentionsArgo(bytes.toString('latin1')) ? decodeText(bytes) : bytes.toString('utf8')
}

/** At once: other threads, and all that they need, would take longer. Only a pipe can keep one waiting. */
async function readBytes(path: string): Promise<Buffer> {
  try {
    return statSync(path).isFile() ? readFileSync(path) : await readFile(path)
  } catch (error) {
    throw new Error(unread(error), { cause: error })
  }
}
