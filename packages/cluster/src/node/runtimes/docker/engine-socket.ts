import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Where the engine listens: what DOCKER_HOST says, else the first place where Docker, Docker Desktop, Colima, OrbStack or
 * Podman usually do.
 */
export function engineSocket(
  env: Environment = process.env,
  isThere: (path: string) => boolean = existsSync,
): string {
  const host = env['DOCKER_HOST']
  if (host) return socketOf(host)
  const places = usualPlaces(env)
  return places.find(isThere) ?? defaultSocket
}

const defaultSocket = '/var/run/docker.sock'

function socketOf(host: string): string {
  if (host.startsWith('unix://')) return host.slice('unix://'.length)
  if (host.startsWith('/')) return host
  throw new Error(
    `DOCKER_HOST is ${host}: only an engine behind a unix socket (unix:///path) can be used, ` +
      'because containers need the files of this machine',
  )
}

function usualPlaces(env: Environment): readonly string[] {
  const home = env['HOME'] || homedir()
  const run = env['XDG_RUNTIME_DIR']
  return [
    defaultSocket,
    ...['.docker/run/docker.sock', '.colima/default/docker.sock', '.orbstack/run/docker.sock'].map(
      (path) => join(home, path),
    ),
    ...(run ? [join(run, 'docker.sock'), join(run, 'podman/podman.sock')] : []),
    '/run/podman/podman.sock',
  ]
}
