import type { Claims } from '@argosy/server'
import type { Shell } from '../shell/shell.ts'
import { accessWish } from './access-wish.ts'
import { connect, type Remote } from './connect.ts'
import { explained, type Person, personNamed, personOfClaims, whoAmI } from './explain-access.ts'
import type { RemoteFlags } from './remote-flags.ts'

export interface WhoFlags extends RemoteFlags {
  readonly allNamespaces?: boolean
  readonly as?: string
  readonly asGroup: readonly string[]
  readonly claims?: Claims
}

interface Asked {
  readonly verb: string
  readonly resource: string
  readonly name?: string | undefined
}

/** Prints who it is about, and whether and why he may; resolves to the exit code. */
export async function explainRights(
  asked: Asked | undefined,
  flags: WhoFlags,
  { stdout }: Pick<Shell, 'stdout'>,
): Promise<number> {
  // Whom it is about is not who asks.
  const { as: _, asGroup: _groups, ...own } = flags
  using remote = await connect(own)
  const who = await whoOf(remote, flags)
  stdout.write(`${introduction(who)}\n`)
  if (!asked) return 0
  const namespace = flags.allNamespaces ? '' : remote.namespace
  const wish = await accessWish(remote.connection, { ...asked, namespace })
  const { allowed, lines } = await explained(remote, wish, who)
  stdout.write(`${lines.join('\n')}\n`)
  return allowed ? 0 : 1
}

interface Who {
  readonly person: Person
  readonly isSelf: boolean
  readonly loggedIn: boolean
}

async function whoOf({ connection, client }: Remote, flags: WhoFlags): Promise<Who> {
  const { as, asGroup, claims } = flags
  if (claims) {
    return { person: await personOfClaims(client, claims), isSelf: false, loggedIn: true }
  }
  if (as !== undefined) {
    return { person: personNamed(as, asGroup), isSelf: false, loggedIn: false }
  }
  return { person: await whoAmI(connection), isSelf: true, loggedIn: false }
}

function introduction({ person: { user, groups }, isSelf, loggedIn }: Who): string {
  const membership = groups.length === 0 ? 'in no groups' : `in the groups ${groups.join(', ')}`
  if (isSelf) return `You are ${user}, ${membership}.`
  return loggedIn ? `Who logs in with these claims acts as ${user}.` : `${user} is ${membership}.`
}
