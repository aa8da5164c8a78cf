import { createPrivateKey, generateKeyPair } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type SigningKey, signingKey } from './jwt.ts'

const newPair = promisify(generateKeyPair)
const fileName = 'sa.key'

/**
 * The keys that sign tokens of ServiceAccounts. The first of the file signs; those behind it are old ones, whose tokens
 * are still good. Made when first needed, for it takes a while and many servers never sign anything.
 */
export class SigningKeys {
  readonly #folder: string | undefined
  #keys: readonly SigningKey[]
  #making: Promise<SigningKey> | undefined

  private constructor(folder: string | undefined, keys: readonly SigningKey[]) {
    this.#folder = folder
    this.#keys = keys
  }

  /** Without a folder the keys are forgotten at the end, and with them all tokens. */
  static async open(folder?: string): Promise<SigningKeys> {
    if (folder === undefined) return new SigningKeys(undefined, [])
    const text = await readFile(join(folder, fileName), 'utf8').catch(whenMissing)
    const blocks = text.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g) ?? []
    return new SigningKeys(
      folder,
      blocks.map((block) => signingKey(createPrivateKey(block))),
    )
  }

  /** All whose tokens are good. */
  get all(): readonly SigningKey[] {
    return this.#keys
  }

  /** The one that signs. */
  current(): Promise<SigningKey> {
    const [first] = this.#keys
    if (first) return Promise.resolve(first)
    this.#making ??= this.#make()
    return this.#making
  }

  async #make(): Promise<SigningKey> {
    const { privateKey } = await newPair('ec', { namedCurve: 'P-256' })
    if (this.#folder !== undefined) {
      const path = join(this.#folder, fileName)
      await mkdir(this.#folder, { recursive: true, mode: 0o700 })
      const text = privateKey.export({ format: 'pem', type: 'pkcs8' })
      await writeFile(`${path}.new`, text, { mode: 0o600 })
      await rename(`${path}.new`, path)
    }
    const key = signingKey(privateKey)
    this.#keys = [key]
    return key
  }
}

function whenMissing(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return ''
  throw error
}
