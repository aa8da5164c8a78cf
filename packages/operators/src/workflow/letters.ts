import type { Change } from '@argosy/engine'

/** What happened to one workflow since its last pass. */
export interface Letters {
  readonly changes: readonly Dated[]
  /** The newest version of the Workflow that a watch has shown; it may be our own write coming back. */
  readonly version: string | undefined
}

/** A change, and the version of the object that it speaks of. */
export interface Dated {
  readonly change: Change
  readonly version: string
}

interface Box {
  changes: Dated[]
  version: string | undefined
}

/** Letter boxes by workflow: whoever has none is nobody we care for. */
export class LetterBoxes {
  readonly #boxes = new Map<string, Box>()

  open(key: string): void {
    if (!this.#boxes.has(key)) this.#boxes.set(key, { changes: [], version: undefined })
  }

  close(key: string): void {
    this.#boxes.delete(key)
  }

  keys(): Iterable<string> {
    return this.#boxes.keys()
  }

  /** False when nobody reads letters for this key. */
  drop(key: string, letter: Dated): boolean {
    const box = this.#boxes.get(key)
    box?.changes.push(letter)
    return box !== undefined
  }

  version(key: string, version: string): void {
    const box = this.#boxes.get(key)
    if (box) box.version = version
  }

  /** Empties the box. */
  take(key: string): Letters {
    const box = this.#boxes.get(key)
    if (!box) return { changes: [], version: undefined }
    const { changes, version } = box
    box.changes = []
    box.version = undefined
    return { changes, version }
  }
}

/** Versions of one server are counted upwards (Kubernetes says so since 1.35); they may be longer than a number is exact. */
export function isNewer(version: string, than: string): boolean {
  if (version.length !== than.length) return version.length > than.length
  return version > than
}
