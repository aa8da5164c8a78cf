import type { Driver } from './driver.ts'
import { type GcsPlace, gcsStore } from './gcs-store.ts'
import { defaultToken, type GoogleWorld, keyToken } from './google-token.ts'
import type { Reach } from './http-auth.ts'
import { objectDriver } from './object-driver.ts'
import { secretText } from './secrets.ts'
import { neededText, objectOf } from './settings.ts'

const google = 'https://storage.googleapis.com'

/**
 * Artifacts in Google Cloud Storage. STORAGE_EMULATOR_HOST leads to an emulator, which is asked by nobody in particular:
 * as Google's own clients have it.
 */
export function gcsDriver(
  { secrets, lookup }: Reach,
  world: GoogleWorld = { env: process.env, now: Date.now },
): Driver {
  const tokens = new Map<string, NonNullable<GcsPlace['token']>>()
  const tokenOf = (key: string | undefined) => {
    const known = tokens.get(key ?? '')
    const token = known ?? (key === undefined ? defaultToken(world) : keyToken(key, world))
    tokens.set(key ?? '', token)
    return token
  }
  return objectDriver('gcs', async (artifact) => {
    const place = objectOf(artifact.gcs)
    const bucket = neededText(place, 'bucket', 'gcs')
    const emulator = world.env['STORAGE_EMULATOR_HOST']
    // An emulator may run in a pod; Google is where it is.
    const at = lookup && { lookup }
    if (emulator) return gcsStore({ bucket, endpoint: addressOf(emulator), ...at })
    const selector = place['serviceAccountKeySecret']
    const key = await secretText(secrets, selector, 'gcs.serviceAccountKeySecret')
    return gcsStore({ bucket, endpoint: google, token: tokenOf(key) })
  })
}

function addressOf(host: string): string {
  return (host.includes('://') ? host : `http://${host}`).replace(/\/+$/, '')
}
