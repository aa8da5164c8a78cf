/**
 * Addresses of pods on this machine: each has one of its own in 127.0.0.0/8, all of which is the machine itself, so that
 * two servers on one port do not meet. Where only 127.0.0.1 is there (macOS) all share it.
 */
export class Addresses {
  readonly #shared: string | undefined
  readonly #taken = new Map<string, string>()
  readonly #byPod = new Map<string, string>()
  #last = first - 1

  /** `shared`: the one address of all pods. */
  constructor(shared?: string) {
    this.#shared = shared
  }

  /** The pod's address; `known`: the one it had when an earlier node worked on it. */
  take(uid: string, known?: string): string {
    if (this.#shared !== undefined) return this.#shared
    const own = this.#byPod.get(uid)
    if (own !== undefined) return own
    const address = known !== undefined && this.#isFree(known) ? known : this.#next()
    this.#taken.set(address, uid)
    this.#byPod.set(uid, address)
    return address
  }

  release(uid: string): void {
    const address = this.#byPod.get(uid)
    if (address === undefined) return
    this.#byPod.delete(uid)
    this.#taken.delete(address)
  }

  #isFree(address: string): boolean {
    const number = numberOf(address)
    return number >= first && number <= last && !this.#taken.has(address)
  }

  // Not the one that was given back last: who still speaks to it must not meet another pod.
  #next(): string {
    do this.#last = this.#last >= last ? first : this.#last + 1
    while (this.#taken.has(textOf(this.#last)))
    return textOf(this.#last)
  }
}

/** 127.10.0.1 to 127.249.255.254: room for whoever uses others of these addresses for himself. */
const first = (10 << 16) + 1
const last = (249 << 16) + 0xfffe

function textOf(number: number): string {
  return `127.${number >> 16}.${(number >> 8) & 255}.${number & 255}`
}

/** -1 for what is no address of a pod. */
function numberOf(address: string): number {
  const [, ...bytes] = /^127\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address) ?? []
  if (bytes.length === 0) return -1
  return bytes.reduce((number, byte) => number * 256 + Number(byte), 0)
}
