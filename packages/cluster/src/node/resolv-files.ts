import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Files that never change, each for all pods that want its text. */
export class ResolvFiles {
  readonly #folder: string
  readonly #paths = new Map<string, string>()

  constructor(folder: string) {
    this.#folder = folder
  }

  fileWith(text: string): string {
    const path = this.#paths.get(text) ?? this.#write(text)
    this.#paths.set(text, path)
    return path
  }

  #write(text: string): string {
    const name = createHash('sha1').update(text).digest('hex').slice(0, 12)
    const path = join(this.#folder, `resolv.${name}.conf`)
    if (existsSync(path)) return path
    mkdirSync(this.#folder, { recursive: true })
    writeFileSync(`${path}.new`, text)
    renameSync(`${path}.new`, path)
    return path
  }
}
