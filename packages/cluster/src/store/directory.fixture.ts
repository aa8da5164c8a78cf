import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder that is there until the test ends. */
export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'argosy-store-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  return directory
}
