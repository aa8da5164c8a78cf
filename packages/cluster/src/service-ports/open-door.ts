import { connect } from 'node:net'
import { openTcpDoor } from './open-tcp-door.ts'
import { openUdpDoor } from './open-udp-door.ts'
import type { Target } from './service-targets.ts'
import type { Choice } from './target-choice.ts'
import type { Door } from './wanted-doors.ts'

/** A door that is open. */
export interface OpenDoor {
  /** Nobody new; who speaks goes on. */
  close(): void
  /** At once, for everybody. */
  end(): void
}

/** Rejects with the system's error when the address cannot be had. */
export function openDoor(door: Door, choice: Choice): Promise<OpenDoor> {
  return door.protocol === 'UDP' ? openUdpDoor(door, choice) : openTcpDoor(door, choice)
}

/**
 * Whether pods answer at a door's address themselves, since they listen at every address. Undefined while nobody says: to
 * open the door then would take the port from a program that is about to listen.
 */
export async function isServed(
  { protocol, host, port }: Door,
  targets: readonly Target[],
): Promise<boolean | undefined> {
  // Of datagrams nobody knows who would answer.
  if (protocol === 'UDP' || (await answers({ ip: host, port }))) return true
  for (const target of targets) if (await answers(target)) return false
  return undefined
}

function answers({ ip, port }: Target): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: ip, port, timeout: 1000 })
    const end = (does: boolean) => {
      socket.destroy()
      resolve(does)
    }
    socket.once('connect', () => end(true))
    socket.once('timeout', () => end(false))
    socket.once('error', () => end(false))
  })
}
