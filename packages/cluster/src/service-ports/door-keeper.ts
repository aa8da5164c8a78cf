import { isServed, type OpenDoor, openDoor } from './open-door.ts'
import type { DoorState } from './port-effects.ts'
import type { Target } from './service-targets.ts'
import { type Choice, targetChoice } from './target-choice.ts'
import type { Door } from './wanted-doors.ts'

/** What doors are opened with; tests bring their own. */
export interface Opener {
  readonly open: typeof openDoor
  readonly isServed: typeof isServed
}

const systemOpener: Opener = { open: openDoor, isServed }

interface Held {
  readonly door: OpenDoor
  readonly choice: Choice
}

export interface Aim {
  readonly targets: ReadonlyMap<string, readonly Target[]>
  readonly isSticky: boolean
  /** At which pods of the machine want to listen, as `TCP/8080`: whoever listens there at one address keeps them from all. */
  readonly claimed: ReadonlySet<string>
}

/** The doors that are open, of all services. */
export class DoorKeeper {
  readonly #opener: Opener
  readonly #held = new Map<string, Map<string, Held>>()

  constructor(opener: Opener = systemOpener) {
    this.#opener = opener
  }

  /** Opens what is wanted for a service, closes what is not, and leads all that are open to its pods. */
  async keep(service: string, wanted: readonly Door[], aim: Aim): Promise<readonly DoorState[]> {
    const held = this.#held.get(service) ?? new Map<string, Held>()
    this.#held.set(service, held)
    const keys = new Set(wanted.map(keyOf))
    for (const [key, { door }] of held) {
      if (keys.has(key)) continue
      held.delete(key)
      door.close()
    }
    const states: DoorState[] = []
    for (const door of wanted) states.push(await this.#one(held, door, aim))
    if (held.size === 0) this.#held.delete(service)
    return states
  }

  /** All at once, also who still speaks. */
  end(): void {
    for (const held of this.#held.values()) for (const { door } of held.values()) door.end()
    this.#held.clear()
  }

  async #one(held: Map<string, Held>, door: Door, aim: Aim): Promise<DoorState> {
    const key = keyOf(door)
    const targets = aim.targets.get(door.portName) ?? []
    const known = held.get(key)
    if (isClaimed(door, aim.claimed)) {
      known?.door.close()
      held.delete(key)
      return { door, is: 'failed', why: claimedReason(door) }
    }
    if (known) {
      known.choice.aim(targets, aim.isSticky)
      return { door, is: 'open' }
    }
    if (door.mayBeServed) {
      const served = await this.#opener.isServed(door, targets)
      if (served !== false) return { door, is: served ? 'served' : 'waiting' }
    }
    const choice = targetChoice()
    choice.aim(targets, aim.isSticky)
    try {
      held.set(key, { door: await this.#opener.open(door, choice), choice })
      return { door, is: 'open' }
    } catch (error) {
      return { door, is: 'failed', why: reasonOf(door, error) }
    }
  }
}

/** Where pods of this very service listen it is seen whether they answer themselves. */
function isClaimed({ kind, protocol, port, mayBeServed }: Door, claimed: Aim['claimed']): boolean {
  return kind === 'own' && !mayBeServed && claimed.has(`${protocol}/${port}`)
}

function claimedReason({ host, port, protocol }: Door): string {
  return `port ${port}/${protocol} at ${host} would keep pods from listening at ${port}, which a Service says that they do: clients have to ask the pods themselves, or give the Service another port`
}

function keyOf({ protocol, host, port, portName }: Door): string {
  return `${protocol}/${host}/${port}/${portName}`
}

function reasonOf({ host, port, protocol, kind }: Door, error: unknown): string {
  const { code = '', message = '' } = error as NodeJS.ErrnoException
  const what = kind === 'node' ? 'node port' : 'port'
  const why = words[code] ?? `cannot be listened at (${message || String(error)})`
  const hint =
    kind === 'node' ? 'choose another nodePort' : 'clients have to ask the pods themselves'
  return `${what} ${port}/${protocol} at ${host} ${why}: ${hint}`
}

const words: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use by another program of this machine',
  EACCES: 'is not for this user to listen at (below 1024)',
  EADDRNOTAVAIL: 'is at no address of this machine',
}
